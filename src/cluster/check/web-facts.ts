import type { Outcome } from '../../kit/outcome.js';

/** One HTTP answer. Redirects are not followed: a redirect is often the fault. */
export interface WebAnswer {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most the first 16 MB. */
  readonly body: Buffer;
  readonly totalBytes: number;
  /** `h2` when the server offered it on this connection, else `http/1.1`; null without TLS. */
  readonly protocol: string | null;
}

/** A server certificate as presented; `trusted` by the system's or the configured authorities. */
export interface CertificateFacts {
  readonly names: readonly string[];
  readonly expiresAt: number;
  readonly trusted: boolean;
  /** OpenSSL's reason when it is not trusted: SELF_SIGNED_CERT_IN_CHAIN, CERT_HAS_EXPIRED… */
  readonly reason: string | null;
  readonly selfSigned: boolean;
  readonly protocol: string | null;
  /** Whether the presented names cover the name asked for. */
  readonly matchesName: boolean;
  /** The ALPN answer: `h2` or `http/1.1`. */
  readonly offered: string | null;
}

/** Where and how to ask: the connection may go to another address than the URL's host. */
export interface WebRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Connect there instead of the URL's host and port; Host and SNI stay the URL's. */
  readonly connectTo?: { readonly host: string; readonly port: number };
  /** Another server's answer named the URL: the addresses of the inventory, which it may lead to on any network. */
  readonly namedBy?: readonly string[];
}

/** A WebSocket that is asked for over HTTPS. */
export interface WebSocketRequest {
  readonly url: string;
  /** Sub-protocol: `xmpp`. */
  readonly protocol: string;
  readonly connectTo: { readonly host: string; readonly port: number };
}

/** What every system's checks ask of the web and of names. Each question is bounded in time and never throws. */
export interface WebPorts {
  web(request: WebRequest): Promise<Outcome<WebAnswer>>;
  certificate(target: {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly authorities: string | null;
  }): Promise<Outcome<CertificateFacts>>;
  addresses(name: string): Promise<Outcome<readonly string[]>>;
}
