import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { isThere } from '../../adapters/machine/share.js';
import { readLintFile, readLintTree } from '../../adapters/machine/read-tree.js';
import { runToEnd } from '../../adapters/process/run-to-end.js';
import { lintHaproxy } from '../../cluster/lint/lint-haproxy.js';
import { lintJitsi } from '../../cluster/lint/lint-jitsi.js';
import { lintNginx } from '../../cluster/lint/lint-nginx.js';
import { lintSettings } from '../../cluster/lint/lint-settings.js';
import { lintFinding, type LintFile, type LintResult } from '../../cluster/lint/lint-file.js';
import { lintJicofoLog } from '../../cluster/lint/read-jicofo-log.js';
import { OperatorError } from '../../codes/operator-error.js';
import { readPythonConstants } from '../../config/init/read-python.js';

export interface LintAnswer {
  readonly results: readonly LintResult[];
  readonly files: number;
}

/**
 * Lints trees (`name=DIR`) and files, without any network; only `haproxy -c` is run, where it is installed.
 * @throws OperatorError usage-invalid, config-unreadable, cluster-file-unknown.
 */
export async function lintFiles(
  { roots, files }: { readonly roots: readonly string[]; readonly files: readonly string[] },
  signal: AbortSignal,
): Promise<LintAnswer> {
  const trees = await Promise.all(roots.map(readRoot));
  const single = await Promise.all(files.map(readLintFile));
  // A key of this run alone: a hash that leaked could not be looked up.
  const key = randomBytes(32);
  const hash = (secret: string): string => createHmac('sha256', key).update(secret).digest('hex');
  const results = [
    ...(trees.length === 0 ? [] : lintJitsi(trees, hash)),
    ...(await Promise.all(single.map((file) => lintOne(file, signal)))).flat(),
  ];
  return { results, files: trees.flatMap((tree) => tree.files).length + single.length };
}

async function readRoot(root: string) {
  const found = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(root);
  if (found === null)
    throw new OperatorError('usage-invalid', {
      detail: `--root ${root}: write NAME=DIR, as jvb1=/srv/jvb1/etc.`,
    });
  const [, node = '', directory = ''] = found;
  const files = await readLintTree(directory);
  if (files.length === 0)
    throw new OperatorError('config-unreadable', {
      file: directory,
      detail: 'it holds no file of Jitsi or prosody',
    });
  return { node, files };
}

/** Which rules a file gets is told by its name, then by what it holds. */
async function lintOne(file: LintFile, signal: AbortSignal): Promise<LintResult[]> {
  const name = path.basename(file.path);
  if (/jicofo.*\.log/.test(name)) return lintJicofoLog(file);
  if (/\.py$/.test(name)) return lintSettings(file, readPythonConstants(file.text));
  if (/haproxy/.test(name) || /^(frontend|backend|listen)\s/m.test(file.text))
    return [...(await checkHaproxySyntax(file, signal)), ...lintHaproxy(file)];
  if (/nginx/.test(name) || /^\s*(rtmp|http|events)\s*\{/m.test(file.text)) return lintNginx(file);
  if (/jicofo/i.test(file.text.slice(0, 2000)) && /videobridge|JVB/.test(file.text))
    return lintJicofoLog(file);
  throw new OperatorError('cluster-file-unknown', { file: file.path });
}

const HAPROXY = '/usr/sbin/haproxy';

/** HAProxy's own word on the syntax; files it names (certificates) may be absent on this machine. */
async function checkHaproxySyntax(file: LintFile, signal: AbortSignal): Promise<LintResult[]> {
  if (!(await isThere(HAPROXY))) return [];
  const { code, stderrTail } = await runToEnd({
    file: HAPROXY,
    args: ['-c', '-f', path.resolve(file.path)],
    mustSucceed: false,
    timeLimitMs: 10_000,
    signal,
  });
  if (code === 0) return [];
  const alerts = stderrTail.flatMap((line) => {
    const found = /\[ALERT\].*?parsing \[(.+?):(\d+)\]\s*:\s*(.*)$/.exec(line);
    if (found === null || /unable to stat|unable to load|No such file|cannot open/i.test(line)) return [];
    return [{ line: Number(found[2]), detail: found[3] ?? '' }];
  });
  return alerts.map(({ line, detail }) =>
    lintFinding('S21-syntax', {
      system: 'streaming',
      node: 'haproxy',
      file,
      line,
      parameters: { key: String(line), detail },
    }),
  );
}
