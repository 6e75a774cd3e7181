import { texts } from './texts.js';

export interface StreamTarget {
  /** The container that this protocol carries. */
  readonly format: 'flv' | 'mpegts';
  /** What ffmpeg publishes to, credentials included. Never shown. */
  readonly url: string;
  /** The same without credentials. */
  readonly shown: string;
  /** The page of bbb-pod-live wrote `user@password:host`: accepted, and told. */
  readonly corrected: boolean;
}

/** Where the name of the stream stands in a whole address: `srt://host:9000?streamid=publish:{name}`. */
const NAME = '{name}';

/**
 * Puts a stream name behind `rtmp_url`, or where `{name}` stands. Credentials in any usual spelling: `rtmp://user:word@host/app/`, a query
 * (`rtmp://host/app?user=u&pass=p`), and the old page's `rtmp://user@word:host/app/`, which is corrected.
 * `srt://host:port?…` is ffmpeg's own address (ffmpeg-protocols(1)): its name stands in `streamid`.
 * @param name null: the address is whole
 * @throws OperatorError live-rtmp-url
 */
export function streamTarget(base: string, name: string | null): StreamTarget {
  if (/^srt:/.test(base.trim())) return srtTarget(base.trim().replaceAll(NAME, name ?? ''));
  const parts = /^(rtmps?):\/\/([^/?#\s]+)(\/[^?#\s]*)?(\?[^#\s]*)?$/.exec(base.trim());
  if (parts === null) throw texts.liveRtmpUrl({ detail: 'it is not rtmp://host/application/' });
  const [, scheme = 'rtmp', authority = '', path = '/', query = ''] = parts;
  const { user, host, corrected } = readAuthority(authority);
  const application = path.replace(/\/+$/, '');
  if (application === '') throw texts.liveRtmpUrl({ detail: 'the application is missing' });
  const appended = name === null || base.includes(NAME) ? application : `${application}/${name}`;
  const place = appended.replaceAll(NAME, name ?? '');
  return {
    format: 'flv',
    url: `${scheme}://${user === '' ? '' : `${user}@`}${host}${place}${query.replaceAll(NAME, name ?? '')}`,
    shown: `${scheme}://${host}${place}`,
    corrected,
  };
}

/** Stream id and passphrase stand in the query: neither is shown. */
function srtTarget(url: string): StreamTarget {
  const host = /^srt:\/\/([^/?#\s@]+:\d{1,5})\/?(\?[^#\s]*)?$/.exec(url)?.[1];
  if (host === undefined) throw texts.liveRtmpUrl({ detail: 'it is not srt://host:port?…' });
  return { format: 'mpegts', url, shown: `srt://${host}`, corrected: false };
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
