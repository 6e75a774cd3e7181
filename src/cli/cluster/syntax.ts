import path from 'node:path';
import { isThere } from '../../cluster/adapters/machine/share.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';
import { lintFinding, type LintFile, type LintResult } from '../../cluster/lint/lint-file.js';

const HAPROXY = '/usr/sbin/haproxy';
const NGINX = '/usr/sbin/nginx';

/** What this machine has not (certificates, modules, users, names, ports) says nothing of the file. */
const OF_THIS_MACHINE =
  /unable to stat|unable to load|No such file|cannot open|cannot load|dlopen\(\)|open\(\)|mkdir\(\)|chown\(\)|bind\(\)|getpwnam|getgrnam|host not found|BIO_|Permission denied|unknown directive "rtmp"/i;

/** HAProxy's own word on the syntax. */
export const checkHaproxySyntax = (file: LintFile, signal: AbortSignal): Promise<LintResult[]> =>
  judge(file, 'haproxy', signal, {
    program: HAPROXY,
    args: ['-c', '-f', path.resolve(file.path)],
    said: /\[ALERT\].*?parsing \[(?<file>.+?):(?<line>\d+)\]\s*:\s*(?<detail>.*)$/,
  });

/** nginx's own word on the syntax: it names the first fault alone. Included files are judged, too. */
export const checkNginxSyntax = (file: LintFile, signal: AbortSignal): Promise<LintResult[]> =>
  judge(file, 'nginx', signal, {
    program: NGINX,
    args: ['-t', '-q', '-e', 'stderr', '-c', path.resolve(file.path)],
    said: /\[emerg\]\s*(?:\d+#\d+:\s*)?(?<detail>.*?)(?: in (?<file>\S+):(?<line>\d+))?$/,
  });

interface Judge {
  readonly program: string;
  readonly args: readonly string[];
  /** A line of its complaints: groups `detail`, `file` and `line`. */
  readonly said: RegExp;
}

async function judge(
  file: LintFile,
  node: 'haproxy' | 'nginx',
  signal: AbortSignal,
  { program, args, said }: Judge,
): Promise<LintResult[]> {
  if (!(await isThere(program))) return [];
  const { code, stderrTail } = await runToEnd({
    file: program,
    args,
    mustSucceed: false,
    timeLimitMs: 10_000,
    signal,
  });
  if (code === 0) return [];
  return stderrTail.flatMap((text) => {
    if (OF_THIS_MACHINE.test(text)) return [];
    const found = said.exec(text)?.groups;
    if (found === undefined) return [];
    const { detail = '', file: named = '', line = '0' } = found;
    const own = named === '' || named === path.resolve(file.path);
    return [
      lintFinding('S21-syntax', {
        system: 'streaming',
        node,
        file,
        line: own ? Number(line) : 0,
        parameters: {
          key: line,
          detail: own ? detail : `${detail} (${named}:${line})`,
          command: [path.basename(program), ...args.slice(0, -1)].join(' '),
        },
      }),
    ];
  });
}
