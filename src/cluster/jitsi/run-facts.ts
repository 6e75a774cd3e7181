import type { Outcome } from '../../kit/outcome.js';
import type { CertificateFacts, WebAnswer } from '../check/web-facts.js';
import type { BridgeHealth, BridgeStatistics, JicofoFacts, UdpState, XmppLoginFacts } from './facts.js';

export interface BridgeFacts {
  readonly name: string;
  readonly addresses: Outcome<readonly string[]>;
  /** Null when its private REST cannot be reached from here. */
  readonly health: Outcome<BridgeHealth> | null;
  readonly statistics: Outcome<BridgeStatistics> | null;
  readonly media: Outcome<UdpState>;
  /** Kernel limits of this machine, when it is that bridge. */
  readonly kernel: Readonly<Record<string, number>> | null;
}

/** All that one look at a Jitsi cluster brought back. */
export interface JitsiRunFacts {
  readonly at: number;
  readonly addresses: Outcome<readonly string[]>;
  readonly page: Outcome<WebAnswer>;
  readonly certificate: Outcome<CertificateFacts>;
  readonly config: Outcome<WebAnswer>;
  readonly bosh: Outcome<WebAnswer>;
  /** Status of the answer to an upgrade on /xmpp-websocket. */
  readonly webSocket: Outcome<number>;
  /** Null without the bridges' password, or with --passive. */
  readonly login: Outcome<XmppLoginFacts> | null;
  /** Whether 5222 speaks XMPP; asked alone when there is no password. */
  readonly xmpp: Outcome<XmppLoginFacts> | null;
  readonly jicofo: Outcome<JicofoFacts> | null;
  readonly bridges: readonly BridgeFacts[];
}
