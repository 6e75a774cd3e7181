import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import net from 'node:net';
import tls from 'node:tls';
import path from 'node:path';
import { Dialogue } from '../../../src/kit/adapters/network/dialogue.js';
import { StanzaStream } from '../../../src/cluster/adapters/jitsi/stanza-stream.js';
import { createAuthority, issueCertificate } from './certificates.js';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';
import { BenchProcess, portAnswers, run, waitFor } from './processes.js';

export const JITSI_NAME = 'jitsi.bench.test';
export const JVB_PASSWORD = 'bench-jvb-secret';
export const BREWERY = `jvbbrewery@internal.auth.${JITSI_NAME}`;

/** A bridge: in the brewery of the real prosody, with a stand-in for its private REST. */
export class BridgeStandIn {
  restPort = 0;
  udpPort = 0;
  health = { status: 200, body: '' };
  statistics: Record<string, number | boolean | string> = {
    stress_level: 0.12,
    muc_clients_configured: 1,
    muc_clients_connected: 1,
    mucs_configured: 1,
    mucs_joined: 1,
    drain: false,
    graceful_shutdown: false,
    shutting_down: false,
    healthy: true,
    total_ice_failed: 2,
    total_ice_succeeded: 400,
    participants: 12,
    octo_endpoints: 0,
    version: '2.3.209-gabcdef',
  };
  /** Participants that leave a draining bridge at each look. */
  leavingEach = 0;
  /** Bridges before 2022 know no drain. */
  drains = true;
  /** POSTs that changed it, in order. */
  readonly asked: string[] = [];
  #dialogue: Dialogue | null = null;
  #server: Server | null = null;
  #udp: UdpSocket | null = null;

  constructor(
    readonly name: string,
    private readonly xmppPort: () => number,
  ) {}

  async start(): Promise<void> {
    [this.restPort = 0, this.udpPort = 0] = await freePorts(2);
    this.#server = createServer((request, response) => {
      if (request.url === '/about/health') {
        response.statusCode = this.health.status;
        response.end(this.health.body);
      } else if (request.url === '/colibri/stats') {
        this.#leaveOneByOne();
        response.end(JSON.stringify(this.statistics));
      } else if (
        this.drains &&
        /^\/colibri\/drain\/(enable|disable)$/.test(request.url ?? '') &&
        request.method === 'POST'
      ) {
        this.asked.push(request.url ?? '');
        this.statistics['drain'] = request.url?.endsWith('enable') === true;
        response.end();
      } else if (request.url === '/colibri/drain')
        response.end(JSON.stringify({ drain: this.statistics['drain'] }));
      else {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.restPort, '127.0.0.1', resolve));
    await this.openMediaPort();
    await this.join(this.name);
  }

  async openMediaPort(): Promise<void> {
    this.#udp = createSocket('udp4');
    await new Promise<void>((resolve) => this.#udp?.bind(this.udpPort, '127.0.0.1', resolve));
  }

  closeMediaPort(): void {
    this.#udp?.close();
    this.#udp = null;
  }

  /** While a bridge drains its meetings end: so many participants less each time it is looked at. */
  #leaveOneByOne(): void {
    const { participants, drain } = this.statistics;
    if (drain !== true || typeof participants !== 'number' || this.leavingEach === 0) return;
    this.statistics['participants'] = Math.max(0, participants - this.leavingEach);
  }

  /** Enters the brewery as a bridge does, with its statistics. */
  async join(nickname: string): Promise<void> {
    const socket = net.connect({ host: '127.0.0.1', port: this.xmppPort() });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const dialogue = new Dialogue(socket);
    const stream = new StanzaStream(dialogue);
    const domain = `auth.${JITSI_NAME}`;
    await stream.open(domain);
    stream.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await stream.next(({ name }) => name === 'proceed');
    const secured = tls.connect({ socket, rejectUnauthorized: false });
    await new Promise((resolve) => secured.once('secureConnect', resolve));
    dialogue.upgrade(secured);
    await stream.open(domain);
    stream.send(
      `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${Buffer.from(`\0jvb\0${JVB_PASSWORD}`).toString('base64')}</auth>`,
    );
    await stream.next(({ name }) => name === 'success');
    await stream.open(domain);
    stream.send(
      `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${this.name}-${nickname}</resource></bind></iq>`,
    );
    await stream.next(({ name }) => name === 'iq');
    stream.send(
      `<presence to='${BREWERY}/${nickname}'><x xmlns='http://jabber.org/protocol/muc'/>` +
        `<stats xmlns='http://jitsi.org/protocol/colibri'><stat name='version' value='2.3.209'/></stats></presence>`,
    );
    await stream.next(({ name }) => name === 'presence');
    this.#dialogue = dialogue;
  }

  leave(): void {
    this.#dialogue?.close();
    this.#dialogue = null;
  }

  stop(): void {
    this.leave();
    this.#udp?.close();
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

/** prosody with a brewery, nginx as the web front, and bridges; jicofo's REST is a stand-in. */
export class JitsiBench {
  xmppPort = 0;
  httpsPort = 0;
  jicofoPort = 0;
  authorityFile = '';
  prosody!: BenchProcess;
  web!: BenchProcess;
  readonly bridges: BridgeStandIn[] = [];
  /** What the stand-in of jicofo says; null follows the bridges that are in the brewery. */
  jicofo: { health: number; selector: Record<string, number>; bridges: Record<string, unknown> } | null =
    null;
  lostBridges = 0;
  /** The web front's configuration, sound. */
  webText = '';
  #jicofoServer: Server | null = null;
  #bosh = 0;

  constructor(readonly directory: string) {}

  async start(): Promise<void> {
    [this.xmppPort = 0, this.httpsPort = 0, this.jicofoPort = 0, this.#bosh = 0] = await freePorts(4);
    this.authorityFile = createAuthority(this.directory).file;
    issueCertificate(this.directory, 'web', { names: [JITSI_NAME], days: 90 });
    issueCertificate(this.directory, 'auth', { names: [`auth.${JITSI_NAME}`], days: 90 });
    this.#writeProsody();
    this.#writeWeb();
    const configuration = path.join(this.directory, 'prosody.cfg.lua');
    run(
      'prosodyctl',
      ['--config', configuration, 'register', 'jvb', `auth.${JITSI_NAME}`, JVB_PASSWORD],
      this.directory,
    );
    this.prosody.start();
    this.web.start();
    await waitFor('prosody', () => portAnswers(this.xmppPort));
    await waitFor('the web front', () => portAnswers(this.httpsPort));
    for (const name of ['jvb1', 'jvb2']) {
      const bridge = new BridgeStandIn(name, () => this.xmppPort);
      await bridge.start();
      this.bridges.push(bridge);
    }
    await this.#startJicofo();
  }

  async stop(): Promise<void> {
    for (const bridge of this.bridges) bridge.stop();
    this.#jicofoServer?.closeAllConnections();
    this.#jicofoServer?.close();
    await Promise.all([this.prosody.stop('SIGKILL'), this.web.stop('SIGKILL')]);
  }

  setPassword(password: string): void {
    const configuration = path.join(this.directory, 'prosody.cfg.lua');
    run(
      'prosodyctl',
      ['--config', configuration, 'register', 'jvb', `auth.${JITSI_NAME}`, password],
      this.directory,
    );
  }

  #writeProsody(): void {
    const data = path.join(this.directory, 'prosody');
    mkdirSync(data, { recursive: true });
    writeFileSync(
      path.join(this.directory, 'prosody.cfg.lua'),
      `run_as_root = true
data_path = "${data}"
pidfile = "${data}/prosody.pid"
log = { info = "${data}/prosody.info.log" }
modules_enabled = { "saslauth", "tls", "disco", "bosh", "websocket", "ping" }
c2s_ports = { ${this.xmppPort} }
s2s_ports = {}
http_ports = { ${this.#bosh} }
https_ports = {}
interfaces = { "127.0.0.1" }
http_interfaces = { "127.0.0.1" }
c2s_require_encryption = true
consider_bosh_secure = true
trusted_proxies = { "127.0.0.1" }
VirtualHost "${JITSI_NAME}"
  authentication = "anonymous"
VirtualHost "auth.${JITSI_NAME}"
  authentication = "internal_hashed"
  ssl = { key = "${this.directory}/auth.key"; certificate = "${this.directory}/auth.crt" }
Component "internal.auth.${JITSI_NAME}" "muc"
  muc_room_locking = false
  muc_room_default_public_jids = true
`,
    );
    this.prosody = new BenchProcess('prosody', {
      file: '/usr/bin/prosody',
      args: ['--config', path.join(this.directory, 'prosody.cfg.lua'), '-F'],
      cwd: this.directory,
    });
  }

  #writeWeb(): void {
    const home = path.join(this.directory, 'web');
    mkdirSync(path.join(home, 'logs'), { recursive: true });
    mkdirSync(path.join(home, 'tmp'), { recursive: true });
    this.webText = `daemon off; master_process off; pid nginx.pid; error_log logs/error.log warn;
events { worker_connections 64; }
http { access_log off;
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
  server { listen 127.0.0.1:${this.httpsPort} ssl; server_name ${JITSI_NAME};
    ssl_certificate ${this.directory}/web.pem; ssl_certificate_key ${this.directory}/web.key;
    location = / { default_type text/html; return 200 "<title>Jitsi Meet</title>"; }
    location = /config.js { default_type application/javascript;
      return 200 "var config = { hosts: { domain: '${JITSI_NAME}', muc: 'conference.${JITSI_NAME}' }, bosh: '/http-bind', websocket: 'wss://${JITSI_NAME}/xmpp-websocket' };"; }
    location = /http-bind { proxy_set_header Host ${JITSI_NAME}; proxy_pass http://127.0.0.1:${this.#bosh}/http-bind; }
    location = /xmpp-websocket { proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
      proxy_set_header Host ${JITSI_NAME}; proxy_pass http://127.0.0.1:${this.#bosh}/xmpp-websocket; }
  } }
`;
    writeFileSync(path.join(home, 'nginx.conf'), this.webText);
    this.web = new BenchProcess('jitsi-web', {
      file: '/usr/sbin/nginx',
      args: ['-p', home, '-c', path.join(home, 'nginx.conf'), '-e', 'logs/error.log'],
      cwd: this.directory,
    });
  }

  async #startJicofo(): Promise<void> {
    const answer = (url: string): { status: number; body: unknown } => {
      const told = this.jicofo ?? {
        health: 200,
        selector: {
          bridge_count: this.bridges.length,
          operational_bridge_count: this.bridges.length,
          in_shutdown_bridge_count: 0,
          lost_bridges: this.lostBridges,
          bridge_version_count: 1,
        },
        bridges: Object.fromEntries(
          this.bridges.map(({ name }) => [
            `${BREWERY}/${name}`,
            { healthy: true, operational: true, drain: false, stress: 0.12, version: '2.3.209' },
          ]),
        ),
      };
      if (url === '/about/health')
        return {
          status: told.health,
          body: told.health === 200 ? 'OK' : 'No operational bridges available (total: 0)',
        };
      if (url === '/stats')
        return { status: 200, body: { bridge_selector: told.selector, participants: 24 } };
      if (url === '/debug') return { status: 200, body: { bridge_selector: { bridge: told.bridges } } };
      return { status: 404, body: '' };
    };
    this.#jicofoServer = createServer((request, response) => {
      const { status, body } = answer(request.url ?? '');
      response.statusCode = status;
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => this.#jicofoServer?.listen(this.jicofoPort, '127.0.0.1', resolve));
  }
}
