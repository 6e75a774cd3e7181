import { texts } from './texts.js';

export interface RtmpTarget {
  /** What ffmpeg publishes to, credentials included. Never shown. */
  readonly url: string;
  /** The same without credentials. */
  readonly shown: string;
  /** The page of bbb-pod-live wrote `user@password:host`: accepted, and told. */
  readonly corrected: boolean;
}

/**
 * Puts a stream name behind `rtmp_url`. Credentials in any usual spelling: `rtmp://user:word@host/app/`, a query
 * (`rtmp://host/app?user=u&pass=p`), and the old page's `rtmp://user@word:host/app/`, which is corrected.
 * @throws OperatorError live-rtmp-url
 */
export function rtmpTarget(base: string, name: string | null): RtmpTarget {
  const parts = /^(rtmps?):\/\/([^/?#\s]+)(\/[^?#\s]*)?(\?[^#\s]*)?$/.exec(base.trim());
  if (parts === null) throw texts.liveRtmpUrl({ detail: 'it is not rtmp://host/application/' });
  const [, scheme = 'rtmp', authority = '', path = '/', query = ''] = parts;
  const { user, host, corrected } = readAuthority(authority);
  const application = path.replace(/\/+$/, '');
  if (application === '') throw texts.liveRtmpUrl({ detail: 'the application is missing' });
  const place = name === null ? application : `${application}/${name}`;
  return {
    url: `${scheme}://${user === '' ? '' : `${user}@`}${host}${place}${query}`,
    shown: `${scheme}://${host}${place}`,
    corrected,
  };
}

function readAuthority(authority: string): { user: string; host: string; corrected: boolean } {
  const at = authority.lastIndexOf('@');
  if (at === -1) return { user: '', host: authority, corrected: false };
  const [user, rest] = [authority.slice(0, at), authority.slice(at + 1)];
  const odd = /^([^:]+):([^:]*[^:\d][^:]*)(:\d+)?$/.exec(rest);
  // user@word:host — behind the @ stands a word, a colon, and something that is no port.
  if (odd !== null && !user.includes(':'))
    return { user: `${user}:${odd[1] ?? ''}`, host: `${odd[2] ?? ''}${odd[3] ?? ''}`, corrected: true };
  return { user, host: rest, corrected: false };
}
