import { writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.js';

/** A throw-away authority, and certificates for the names of the bench. */
export function createAuthority(directory: string): { file: string } {
  const file = path.join(directory, 'ca.pem');
  run(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30']
      .concat(['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=bench authority'])
      .concat(['-addext', 'basicConstraints=critical,CA:TRUE']),
    directory,
  );
  return { file };
}

/** Replaces `NAME.pem` by a certificate that nobody signed but itself. */
export function selfSign(directory: string, name: string, host: string): void {
  run(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30']
      .concat(['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${host}`])
      .concat(['-addext', `subjectAltName=DNS:${host},DNS:broadcast1.bench.test,DNS:broadcast2.bench.test`]),
    directory,
  );
  joinPem(directory, name);
}

/** `openssl ca` alone dates certificates freely on every release: `x509 -days -1` is refused from OpenSSL 3.4 on. */
const ISSUING = `[ca]
default_ca = bench
[bench]
database = ./issued.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;
const DAY_MS = 86_400_000;
const asOpenssl = (ms: number): string => new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');

/**
 * Writes `NAME.pem` (certificate and key together, as HAProxy reads it) and returns its path. It ends `days` from now,
 * before now if negative.
 */
export function issueCertificate(
  directory: string,
  name: string,
  options: { names: string[]; days: number },
): string {
  writeFileSync(
    path.join(directory, `${name}.ext`),
    `subjectAltName=${options.names.map((n) => `DNS:${n}`).join(',')}\nbasicConstraints=CA:FALSE\n`,
  );
  run(
    'openssl',
    ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'].concat([
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${options.names[0]}`,
    ]),
    directory,
  );
  writeFileSync(path.join(directory, 'ca.cnf'), ISSUING);
  writeFileSync(path.join(directory, 'issued.txt'), '');
  const now = Date.now();
  run(
    'openssl',
    ['ca', '-batch', '-notext', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'].concat(
      ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', `${name}.ext`],
      ['-startdate', asOpenssl(now - 30 * DAY_MS), '-enddate', asOpenssl(now + options.days * DAY_MS)],
    ),
    directory,
  );
  return joinPem(directory, name);
}

function joinPem(directory: string, name: string): string {
  const file = path.join(directory, `${name}.pem`);
  writeFileSync(
    file,
    readFileSync(path.join(directory, `${name}.crt`), 'utf8') +
      readFileSync(path.join(directory, `${name}.key`), 'utf8'),
  );
  return file;
}
