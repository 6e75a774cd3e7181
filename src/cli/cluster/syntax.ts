import path from 'node:path';
import { isThere } from '../../cluster/adapters/machine/share.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';
import { editDistance } from '../../kit/config/nearest.js';
import { lintFinding, type LintFile, type LintResult } from '../../cluster/lint/lint-file.js';

const HAPROXY = '/usr/sbin/haproxy';
const NGINX = '/usr/sbin/nginx';

/** What this machine has not (certificates, modules, users, names, ports) says nothing of the file. */
const OF_THIS_MACHINE =
  /unable to (stat|load|open)|No such file|cannot (open|load|find)|can't (open|find)|dlopen\(\)|open\(\)|mkdir\(\)|chown\(\)|bind\(\)|getpwnam|getgrnam|host not found|could not resolve|BIO_|Permission denied|failed to (open|load|read)|opendir|error opening|SSL_CTX|no SSL certificate|is not binary compatible|module .* is already loaded/i;
/** What another version, or a module that is not installed here, may know. */
const OF_ANOTHER_VERSION =
  /unknown directive|unknown keyword|unknown ".*" variable|invalid parameter|not supported|no longer supported|unsupported|deprecated|unknown (option|fetch|sample|converter|protocol|bind)|expects? .* version|not built with|support (is )?not|was built without|unknown log format|unknown service|'lua\.|invalid address: '\w+@|the same path name|please use the 'bind' keyword/i;
/** What HAProxy says of each line under a section's head that it could not read. */
const OF_A_HEAD_ABOVE = /'listen' or 'defaults' expected/;
/** What a part of a split configuration has elsewhere. */
const OF_OTHER_PARTS =
  /directive is not allowed here|no "events" section|unable to find required|no such (userlist|resolvers|peers)|zero size shared memory|unknown userlist|host not found|missing|uses? proxy/i;

/** HAProxy's own word on the syntax. */
export const checkHaproxySyntax = (file: LintFile, signal: AbortSignal): Promise<LintResult[]> =>
  judge(file, 'haproxy', signal, {
    program: HAPROXY,
    args: ['-c', '-f', path.resolve(file.path)],
    said: /\[ALERT\].*?[Pp]arsing \[(?<file>.+?):(?<line>\d+)\]\s*:\s*(?<detail>.*)$/,
    part:
      !/^[ \t]*global[ \t\r]*(?:#.*)?$/m.test(file.text) ||
      !/^[ \t]*(frontend|backend|listen)\s/m.test(file.text),
  });

const RTMP_MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/**
 * nginx's own word on the syntax: it names the first fault alone. Included files are judged, too. A file that does
 * not load the RTMP module itself is judged with this machine's.
 */
export async function checkNginxSyntax(file: LintFile, signal: AbortSignal): Promise<LintResult[]> {
  const loads = /^[ \t]*load_module\b|modules-enabled/m.test(file.text);
  const rtmp = /^[ \t]*rtmp\s*\{/m.test(file.text) && !loads && (await isThere(RTMP_MODULE));
  return judge(file, 'nginx', signal, {
    program: NGINX,
    args: [
      ...['-t', '-q', '-e', 'stderr'],
      ...(rtmp ? ['-g', `load_module ${RTMP_MODULE};`] : []),
      ...['-c', path.resolve(file.path)],
    ],
    said: /\[emerg\]\s*(?:\d+#\d+:\s*)?(?<detail>.*?)(?: in (?<file>\/.+):(?<line>\d+))?$/,
    part: !/^[ \t]*events\b\s*\{/m.test(file.text),
  });
}

interface Judge {
  readonly program: string;
  readonly args: readonly string[];
  /** A line of its complaints: groups `detail`, `file` and `line`. */
  readonly said: RegExp;
  /** Whether the file is a part of a configuration, without what must stand around it. */
  readonly part: boolean;
}

async function judge(
  file: LintFile,
  node: 'haproxy' | 'nginx',
  signal: AbortSignal,
  { program, args, said, part }: Judge,
): Promise<LintResult[]> {
  // A program that fills in variables before the start (envsubst) leaves no syntax to judge.
  if (!(await isThere(program)) || isFilledIn(file.text)) return [];
  const { code, stderrTail } = await runToEnd({
    file: program,
    args,
    mustSucceed: false,
    timeLimitMs: 10_000,
    signal,
  });
  if (code === 0) return [];
  const firstHead = stderrTail.findIndex((text) => OF_A_HEAD_ABOVE.test(text));
  return stderrTail
    .filter((text, i) => !OF_A_HEAD_ABOVE.test(text) || (i === firstHead && i === 0))
    .flatMap((text) => {
      if (OF_THIS_MACHINE.test(text) || (part && OF_OTHER_PARTS.test(text))) return [];
      const found = said.exec(text)?.groups;
      if (found === undefined) return [];
      const { detail = '', file: named = '', line = '0' } = found;
      const own = named === '' || named === path.resolve(file.path);
      const command = [path.basename(program), ...args.slice(0, -1)].join(' ');
      const foreign = OF_ANOTHER_VERSION.test(detail) && !isMisspelt(detail);
      return [
        lintFinding(foreign ? 'S21-other-version' : 'S21-syntax', {
          system: 'streaming',
          node,
          file,
          line: own ? Number(line) : 0,
          parameters: {
            key: line,
            detail: own ? detail : `${detail} (${named}:${line})`,
            program: path.basename(program),
            command,
          },
        }),
      ];
    });
}

/** `${NAME}` and `$NAME`: variables of nginx and of HAProxy's samples have small letters. */
const isFilledIn = (text: string): boolean =>
  /\$\{[A-Z][A-Z0-9_]*[:}]|^[^#\n]*[\s=:/]\$[A-Z][A-Z0-9_]{2,}\b/m.test(text);

/** Directives of nginx that everybody uses: what differs from one by a letter or two is a slip, no module. */
const CORE =
  'access_log add_header alias allow application client_max_body_size deny error_log error_page events exec exec_push expires gzip hls hls_fragment hls_path hls_playlist_length hls_variant http include index keepalive_timeout listen live location log_format on_publish proxy_http_version proxy_pass proxy_set_header push record record_path return rewrite root rtmp sendfile server server_name ssl_certificate ssl_certificate_key ssl_protocols try_files types upstream worker_connections worker_processes'.split(
    ' ',
  );

/** Directives of modules that may be missing here, one or two letters from those. */
const OF_MODULES = [
  'stream',
  'exec_pull',
  'exec_play',
  'exec_static',
  'upload',
  'accept',
  'mirror',
  'hls_type',
  'dash_path',
];

function isMisspelt(detail: string): boolean {
  const [, written, meant] = /unknown keyword '([^']+)'.*did you mean '([^']+)'/.exec(detail) ?? [];
  if (written !== undefined && meant !== undefined)
    return written.length >= 4 && editDistance(written, meant, 2) <= 2;
  const word = /unknown directive "([^"]+)"/.exec(detail)?.[1];
  if (word === undefined || CORE.includes(word) || OF_MODULES.includes(word)) return false;
  // Another module's directive may be one letter from a short one: the longer the name, the surer the slip.
  return word.length >= 6 && CORE.some((known) => known.length >= 6 && editDistance(word, known, 2) <= 2);
}
