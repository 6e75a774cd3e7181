import { frenchSpaces } from '../../kit/french.js';
import { shownLanguage } from '../../kit/language.js';
import { bracket } from '../inventory/values.js';

/**
 * Where rendered files will lie. On real machines `root` is empty; `cluster demo` and tests put everything
 * under a directory of their own, on loopback addresses, without changing user.
 */
export interface Layout {
  readonly root: string;
  /** Listen on the node's address instead of all of them: several nodes share one machine. */
  readonly ownAddress: boolean;
  /** HAProxy and its log run as Debian has it; else as whoever starts it. */
  readonly systemUsers: boolean;
  readonly nginxUser: string;
}

export const REAL_LAYOUT: Layout = {
  root: '',
  ownAddress: false,
  systemUsers: true,
  nginxUser: 'www-data',
};

export const NGINX_MODULES = '/usr/lib/nginx/modules';

/** HLS files live in memory: they are small, written all the time, and worth nothing after a restart. */
export const hlsPath = ({ root }: Layout): string => `${root}/run/hls`;

/** `80`, or `127.0.0.1:8080` when nodes share a machine. IPv6 addresses take brackets. */
export const listenOn = (layout: Layout, address: string, port: number): string =>
  layout.ownAddress ? `${bracket(address)}:${port}` : String(port);

/** Debian's own temporary paths, under the layout's root. */
export const nginxTempPaths = ({ root }: Layout): string =>
  [
    ['client_body_temp_path', 'body'],
    ['proxy_temp_path', 'proxy'],
    ['fastcgi_temp_path', 'fastcgi'],
    ['uwsgi_temp_path', 'uwsgi'],
    ['scgi_temp_path', 'scgi'],
  ]
    .map(([directive, name]) => `${directive} ${root}/var/lib/nginx/${name};`)
    .join('\n');

/** One file of one node. `secret` files are written for their owner alone. */
export interface RenderedFile {
  readonly node: string;
  /** Relative to the node's root directory: `etc/haproxy/haproxy.cfg`. */
  readonly path: string;
  readonly text: string;
  readonly mode: 0o644 | 0o600 | 0o755;
}

/** The texts of config/templates by file name, and the player's files. */
export type Templates = Readonly<Record<string, string>>;

/** Comments of the templates, line by line: English to French. */
const FRENCH = 'comments.fr.json';

/** Comment lines in the reader's language; what programs read is the same in both. */
function inFrench(template: string, known: string): string {
  const lines = JSON.parse(known) as Readonly<Record<string, string>>;
  return template.replace(/^([ \t]*)# (.*)$/gm, (line, indent: string, said: string) => {
    const french = lines[said];
    return french === undefined ? line : `${indent}# ${frenchSpaces(french)}`;
  });
}

/** @throws TypeError when a template is missing from the package: a fault of ours. */
export function templateOf(templates: Templates, name: string): string {
  const text = templates[name];
  if (text === undefined) throw new TypeError(`no template ${name}`);
  return shownLanguage() === 'fr' ? inFrench(text, templates[FRENCH] ?? '{}') : text;
}
