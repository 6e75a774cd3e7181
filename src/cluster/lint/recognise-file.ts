import { isCelery } from './lint-celery.js';
import { runnerRoleOf } from './lint-esup-runner.js';
import { isJitsiEnvironment } from './lint-jitsi-docker.js';
import { isRedis } from './lint-redis.js';
import type { LintFile } from './lint-file.js';

/** What a file is: one that has rules here, or another one, with the words that name it. */
export type FileKind =
  | {
      readonly kind:
        | 'haproxy'
        | 'nginx'
        | 'settings'
        | 'jicofo-log'
        | 'jitsi'
        | 'jitsi-docker'
        | 'esup-runner'
        | 'redis'
        | 'celery';
    }
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'template' };

const of = (kind: Exclude<FileKind['kind'], 'other' | 'template'>): FileKind => ({ kind });
const other = (what: string): FileKind => ({ kind: 'other', what });

/** Configuration of programs that have no rules here, each told by words that its own grammar demands. */
const OTHERS: readonly { readonly shape: RegExp; readonly what: string }[] = [
  {
    shape: /^[ \t]*vhost\s+\S+\s*\{|^[ \t]*srs_log_\w+\s|^[ \t]*http_(api|server)\s*\{/m,
    what: 'SRS (srs.conf)',
  },
  { shape: /<Server\s+version=[^>]*>[^]*<(VirtualHosts|Bind)>/, what: 'OvenMediaEngine (Server.xml)' },
  {
    shape:
      /^(rtmp|rtsp|hls|webrtc|srt|api)(Address|Variant|Encryption)?:.*$[^]*^paths:|^paths:[^]*^(rtmp|rtsp|hls|webrtc|srt)(Address)?:/m,
    what: 'MediaMTX (mediamtx.yml)',
  },
  {
    shape: /^paths:\s*$[^]*^[ \t]+(source(OnDemand)?|runOn\w+|all_others|record(Path)?):/m,
    what: 'MediaMTX (mediamtx.yml)',
  },
  { shape: /^(webServerPort|rtmpServerPort|instanceDetails|videoSettings):/m, what: 'Owncast (config.yaml)' },
  { shape: /^settings\.[a-zA-Z]\w*=|^webapp\.contextPath=/m, what: 'Ant Media Server (red5-web.properties)' },
  { shape: /^[ \t]*(vrrp_instance|vrrp_script|virtual_server|global_defs)\b[^;]*\{/m, what: 'keepalived' },
  { shape: /^services:\s*$/m, what: 'Docker Compose' },
  { shape: /<icecast>/, what: 'Icecast' },
  { shape: /<VirtualHost\s+[^>]+>|^[ \t]*<Directory\s/m, what: 'Apache' },
  { shape: /^[ \t]*vcl\s+4\.|^[ \t]*sub\s+vcl_\w+/m, what: 'Varnish' },
  { shape: /^CELERYD?_(NODES|BIN|APP|OPTS)\s*=/m, what: "Celery's unit (/etc/default/celeryd)" },
  { shape: /^[ \t]*\[(program:[\w-]+|supervisord)\]/m, what: 'supervisor' },
  { shape: /^[ \t]*\[Unit\]\s*$/m, what: 'a systemd unit' },
  { shape: /^[ \t]*(reverse_proxy|file_server)\b/m, what: 'Caddy' },
  {
    shape: /^[ \t]*(missingok|notifempty|delaycompress|sharedscripts|copytruncate)[ \t]*$/m,
    what: 'logrotate',
  },
];

const TEMPLATE = /\{%-?\s|\{\{|<%=?\s/;
/* Each shape stays within its line, or two: a file of some thousand lines is told in no time. */
const HAPROXY_SECTION = /^[ \t]*(frontend|backend|listen)[ \t]+[^\s;{}=:]+([ \t][^;{}=\n]*)?$/m;
const HAPROXY_ALONE = /^[ \t]*(global|defaults)([ \t]+[^;{}=:\n]*)?\r?$/m;
const HAPROXY_LINE =
  /^[ \t]*(bind|server|mode|balance|timeout|option|acl|default_backend|use_backend|maxconn|stats|default-server|log)[ \t]+[^;\n]*$/m;
const NGINX_BLOCK =
  /^[ \t]*(events|http|rtmp|server|upstream|stream|map|geo|location|application|types|split_clients)\b[^;{}\n]*(\n\s*)?\{/m;
const JITSI_NAME = /(^|\/)(custom-)?(jvb\.conf|jicofo\.conf|sip-communicator\.properties)$|\.cfg\.lua$/;
const HOCON = /^[ \t]*(videobridge|jicofo|ice4j)\b[\w.-]*\s*[{=:]/m;
const PROPERTIES = /^[ \t]*org\.(jitsi\.(videobridge|jicofo)|ice4j)\.[\w.-]+[ \t]*[=:]/m;
/** Parts of Jitsi that have no rules here, though their files are called as a bridge's. */
const BESIDE: readonly { readonly path: RegExp; readonly shape: RegExp; readonly what: string }[] = [
  {
    path: /(^|\/)logging\.properties/,
    shape: /^(handlers|\.level|java\.util\.logging\.[\w.]+)[ \t]*=/m,
    what: "Java's logging (logging.properties)",
  },
  {
    path: /(^|\/)jigasi\/[^\n]*\.properties/,
    shape: /^(org\.jitsi\.jigasi|net\.java\.sip\.communicator)\.[\w.-]+[ \t]*=/m,
    what: 'Jigasi (sip-communicator.properties)',
  },
];
const PROSODY = /^[ \t]*(VirtualHost|Component)\s*\(?\s*["']/m;
/** Python's own way to write: blanks around `=`, or a literal that no shell has. */
const PYTHON =
  /^[A-Z][A-Z0-9_]+(\s*:\s*\w[^=\n]*)?( = \S|\s*=\s*(True|False|None|\[|\{|os\.|[fr]?["']redis))/m;
/** Settings that Pod alone has (Esup-Pod 4.1, its pages on settings). */
const OF_POD =
  /\b(POD_\w+|USE_(REMOTE_ENCODING_TRANSCODING|RUNNER_MANAGER|TRANSCRIPTION|XAPI\w*|PODFILE|MEETING|BBB|CAS|SHIB|LDAP|QUIZ|DRESSING)|CELERY_TO_ENCODE|ENCOD\w+|XAPI_\w+|TRANSCRIPT\w+|TEMPLATE_VISIBLE_SETTINGS)\b/;
const isOfPod = (name: string, said: string): boolean =>
  /^settings_local/.test(name) ||
  OF_POD.test(said) ||
  /^[ \t]*from\s+(\.+|pod\.)[\w.]*\s+import\s+\*/m.test(said);
/** A line of Java's log by jicofo; prosody's log names jicofo and bridges, too. */
const JICOFO_LOG =
  /^(Jicofo )?\d{4}-\d\d-\d\d.*\b(INFO|WARNING|SEVERE|FINE|FINER|CONFIG): .*(jicofo|Bridge|Jvb|JVB)/im;

/** Tells a file by its grammar; its name decides only where the text leaves it open. */
export function recogniseFile({ path, text }: LintFile): FileKind {
  const name = path.split('/').at(-1) ?? path;
  const said = withoutComments(text);
  if (/\.log(\.\d+)?$/.test(name) && JICOFO_LOG.test(text.slice(0, 100_000))) return of('jicofo-log');
  if (/(^|\/)pod\/main\/(test_)?settings\.py$/.test(path))
    return other("Pod's own defaults, under settings_local.py");
  if (/\.py$/.test(name))
    return isOfPod(name, said) ? of('settings') : other('Python, without a setting of Pod');
  const beside = /\.properties/.test(name) || PROPERTIES.test(said) ? besideOf(path, said) : null;
  if (beside !== null) return other(beside);
  if (JITSI_NAME.test(path) || HOCON.test(said) || PROPERTIES.test(said) || PROSODY.test(said))
    return of('jitsi');
  if (runnerRoleOf(text) !== null) return of('esup-runner');
  if (isJitsiEnvironment(text)) return of('jitsi-docker');
  if (isCelery(text)) return of('celery');
  const known = OTHERS.find(({ shape }) => shape.test(said));
  if (known !== undefined) return other(known.what);
  const haproxy =
    (HAPROXY_SECTION.test(said) && HAPROXY_LINE.test(said)) ||
    (HAPROXY_ALONE.test(said) && HAPROXY_LINE.test(said) && !NGINX_BLOCK.test(said));
  const nginx = NGINX_BLOCK.test(said) && /;\s*($|[}\n])/m.test(said);
  if (haproxy || nginx) {
    if (TEMPLATE.test(text)) return { kind: 'template' };
    return of(haproxy && !(nginx && /^[ \t]*listen\s+[^;]*;/m.test(said)) ? 'haproxy' : 'nginx');
  }
  if (isRedis(said)) return of('redis');
  if (/nginx/.test(name) && /^[ \t]*[a-z_]+\s[^;]*;/m.test(said)) return of('nginx');
  if (PYTHON.test(said) && /CELERY|POD_|USE_/.test(said)) return of('settings');
  if (JICOFO_LOG.test(text.slice(0, 100_000)) && /Jicofo|INFO:|WARNING:/.test(text)) return of('jicofo-log');
  return other('no file that bbb2pod knows');
}

const besideOf = (path: string, said: string): string | null =>
  BESIDE.find((one) => one.path.test(path) || (one.shape.test(said) && !PROPERTIES.test(said)))?.what ?? null;

const withoutComments = (text: string): string => text.replaceAll(/(^|\s)(#|\/\/|--).*$/gm, '$1');

/** The file with the part that it has in a Jitsi tree, whatever its own name. */
export function asJitsiFile(file: LintFile): LintFile {
  const name = file.path.split('/').at(-1) ?? file.path;
  const said = withoutComments(file.text);
  const role =
    PROSODY.test(said) || /\.cfg\.lua/.test(name)
      ? 'prosody'
      : PROPERTIES.test(said)
        ? /jicofo/i.test(name) || (/org\.jitsi\.jicofo/.test(said) && !/org\.jitsi\.videobridge/.test(said))
          ? 'jicofo-properties'
          : 'properties'
        : /jicofo/i.test(name) || /^[ \t]*jicofo\b/m.test(said)
          ? 'jicofo'
          : 'jvb';
  return { ...file, role };
}
