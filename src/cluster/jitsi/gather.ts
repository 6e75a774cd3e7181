import type { Outcome } from '../../kit/outcome.js';
import type { BridgeTarget, JitsiTargets } from '../check/targets.js';
import type { WebPorts, WebSocketRequest } from '../check/web-facts.js';
import type { Secret } from '../../kit/config/secret.js';
import type { BridgeHealth, BridgeStatistics, JicofoFacts, UdpState, XmppLoginFacts } from './facts.js';
import type { BridgeFacts, JitsiRunFacts } from './run-facts.js';

/** As whom jicofo's prosody is asked. */
export interface XmppAccount {
  readonly host: string;
  readonly port: number;
  /** `auth.jitsi.example.org`. */
  readonly domain: string;
  readonly username: string;
  /** Null: only the stream is opened, and STARTTLS looked for. */
  readonly password: Secret | null;
  /** The brewery to look into; null stops after the login. */
  readonly room: string | null;
}

/** What the Jitsi checks need of the outside. Each question is bounded in time and never throws. */
export interface JitsiPorts extends WebPorts {
  /** Status of the answer to an upgrade; 101 is the good one. */
  webSocket(request: WebSocketRequest): Promise<Outcome<number>>;
  /** Logs in when there is a password; else only opens the stream. */
  login(account: XmppAccount): Promise<Outcome<XmppLoginFacts>>;
  jicofo(url: string): Promise<Outcome<JicofoFacts>>;
  bridgeHealth(url: string): Promise<Outcome<BridgeHealth>>;
  bridgeStatistics(url: string): Promise<Outcome<BridgeStatistics>>;
  udp(host: string, port: number): Promise<Outcome<UdpState>>;
  kernelLimits(): Promise<Readonly<Record<string, number>> | null>;
  now(): number;
}

/** Looks at the web front, prosody, jicofo and every bridge, side by side. */
export async function gatherJitsi(
  targets: JitsiTargets,
  { passive }: { readonly passive: boolean },
  ports: JitsiPorts,
): Promise<JitsiRunFacts> {
  const connectTo = { host: targets.host, port: targets.httpsPort };
  const base = `https://${targets.name}`;
  const password = targets.bridges.find(({ xmppPassword }) => xmppPassword !== null)?.xmppPassword ?? null;
  const account = {
    host: targets.host,
    port: targets.xmppPort,
    domain: targets.authDomain,
    username: targets.username,
  };
  const silent = passive || password === null;
  const [addresses, page, certificate, config, bosh, webSocket, xmpp, jicofo, bridges] = await Promise.all([
    ports.addresses(targets.host),
    ports.web({ url: `${base}/`, connectTo }),
    ports.certificate({ ...connectTo, name: targets.name, authorities: targets.authorities }),
    ports.web({ url: `${base}/config.js`, connectTo }),
    ports.web({ url: `${base}/http-bind`, connectTo }),
    ports.webSocket({ url: `${base}/xmpp-websocket`, protocol: 'xmpp', connectTo }),
    ports.login(
      silent ? { ...account, password: null, room: null } : { ...account, password, room: targets.brewery },
    ),
    targets.jicofoUrl === null ? null : ports.jicofo(targets.jicofoUrl),
    Promise.all(targets.bridges.map((bridge) => gatherBridge(bridge, ports))),
  ]);
  return {
    ...{ at: ports.now(), addresses, page, certificate, config, bosh, webSocket, jicofo, bridges },
    login: silent ? null : xmpp,
    xmpp,
  };
}

async function gatherBridge(bridge: BridgeTarget, ports: JitsiPorts): Promise<BridgeFacts> {
  const { restUrl } = bridge;
  const [addresses, health, statistics, media, kernel] = await Promise.all([
    ports.addresses(bridge.host),
    restUrl === null ? null : ports.bridgeHealth(restUrl),
    restUrl === null ? null : ports.bridgeStatistics(restUrl),
    ports.udp(bridge.host, bridge.mediaPort),
    bridge.local ? ports.kernelLimits() : null,
  ]);
  return { name: bridge.name, addresses, health, statistics, media, kernel };
}
