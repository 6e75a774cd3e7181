import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createAuthority } from './certificates.js';
import { run } from './processes.js';

/**
 * A certificate authority for one account (RFC 8555), as far as certbot 2.1 asks: directory, nonces, orders, http-01
 * and certificates. Signatures of requests are not verified: what is proved is that its own question finds an answer.
 */
export class AcmeAuthority {
  /** Who was asked, and what came: `lb1 /.well-known/… 200`. */
  readonly questions: string[] = [];
  private readonly directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-acme-'));
  private readonly server = http.createServer((request, answer) => void this.handle(request, answer));
  private readonly authorizations: { name: string; token: string; status: string }[] = [];
  private names: string[] = [];
  private thumbprint = '';
  private issued = '';
  private url = '';

  /** @param reach where the authority comes when it asks a name: `host:port`, one after another. */
  constructor(private readonly reach: (name: string, question: number) => string) {}

  async start(): Promise<string> {
    createAuthority(this.directory);
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
    return `${this.url}/directory`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async handle(request: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, what = '', id = '', more = ''] = (request.url ?? '').split('/');
    answer.setHeader('replay-nonce', randomBytes(8).toString('base64url'));
    const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Jws);
    const { status, value, headers = {} } = await this.answer(what, Number(id), more, body);
    answer.writeHead(status, {
      'content-type': typeof value === 'string' ? 'application/pem-certificate-chain' : 'application/json',
      ...headers,
    });
    answer.end(typeof value === 'string' ? value : JSON.stringify(value));
  }

  private async answer(what: string, id: number, more: string, jws: Jws): Promise<Answer> {
    const at = (place: string): string => `${this.url}/${place}`;
    switch (what) {
      case 'directory':
        return {
          status: 200,
          value: Object.fromEntries(
            ['newNonce', 'newAccount', 'newOrder', 'revokeCert', 'keyChange'].map((name) => [name, at(name)]),
          ),
        };
      case 'newAccount': {
        const { jwk } = decode(jws.protected) as { jwk: { e: string; kty: string; n: string } };
        const canonical = JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n });
        this.thumbprint = createHash('sha256').update(canonical).digest('base64url');
        return { status: 201, value: { status: 'valid' }, headers: { location: at('account/1') } };
      }
      case 'newOrder': {
        this.names = (decode(jws.payload) as { identifiers: { value: string }[] }).identifiers.map(
          ({ value }) => value,
        );
        this.authorizations.splice(0);
        for (const name of this.names)
          this.authorizations.push({ name, token: randomBytes(32).toString('base64url'), status: 'pending' });
        this.issued = '';
        return { status: 201, value: this.order(), headers: { location: at('order/1') } };
      }
      case 'order':
        if (more === 'finalize') this.issue((decode(jws.payload) as { csr: string }).csr);
        return { status: 200, value: this.order(), headers: { location: at('order/1') } };
      case 'authz':
        return { status: 200, value: this.authorization(id) };
      case 'challenge':
        await this.ask(id);
        return {
          status: 200,
          value: this.challenge(id),
          headers: { link: `<${at(`authz/${id}`)}>;rel="up"` },
        };
      case 'cert':
        return { status: 200, value: this.issued };
      default:
        return { status: 200, value: {} };
    }
  }

  private order(): unknown {
    const ready = this.authorizations.every(({ status }) => status === 'valid');
    return {
      status: this.issued !== '' ? 'valid' : ready ? 'ready' : 'pending',
      expires: new Date(Date.now() + 3_600_000).toISOString(),
      identifiers: this.names.map((value) => ({ type: 'dns', value })),
      authorizations: this.names.map((_, i) => `${this.url}/authz/${i}`),
      finalize: `${this.url}/order/1/finalize`,
      ...(this.issued === '' ? {} : { certificate: `${this.url}/cert/1` }),
    };
  }

  private authorization(id: number): unknown {
    const { name = '', status = '' } = this.authorizations[id] ?? {};
    return { identifier: { type: 'dns', value: name }, status, challenges: [this.challenge(id)] };
  }

  private challenge(id: number): unknown {
    const { token = '', status = '' } = this.authorizations[id] ?? {};
    return { type: 'http-01', url: `${this.url}/challenge/${id}`, token, status };
  }

  /** The question of http-01, to wherever the name leads (8.3). */
  private async ask(id: number): Promise<void> {
    const own = this.authorizations[id];
    if (own === undefined) return;
    const place = this.reach(own.name, this.questions.length);
    const question = `/.well-known/acme-challenge/${own.token}`;
    const said = await askHttp(place, own.name, question);
    this.questions.push(`${place} ${said.status}`);
    own.status = said.text.trim() === `${own.token}.${this.thumbprint}` ? 'valid' : 'invalid';
  }

  private issue(csr: string): void {
    writeFileSync(path.join(this.directory, 'csr.der'), Buffer.from(csr, 'base64url'));
    run(
      'openssl',
      ['x509', '-req', '-inform', 'DER', '-in', 'csr.der', '-CA', 'ca.pem', '-CAkey', 'ca.key'].concat([
        ...['-CAcreateserial', '-copy_extensions', 'copy', '-days', '90', '-out', 'issued.pem'],
      ]),
      this.directory,
    );
    this.issued = ['issued.pem', 'ca.pem']
      .map((file) => readFileSync(path.join(this.directory, file)))
      .join('');
  }
}

interface Jws {
  readonly protected?: string;
  readonly payload?: string;
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
  readonly headers?: Record<string, string>;
}

/** A part of a JWS. */
const decode = (text = ''): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());

/** GET of a path at an address, under a name. */
export function askHttp(
  place: string,
  host: string,
  question: string,
): Promise<{ status: number; text: string }> {
  const [address = '', port = ''] = place.split(':');
  return new Promise((resolve, reject) => {
    http
      .get({ host: address, port, path: question, headers: { host }, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      })
      .on('error', reject);
  });
}
