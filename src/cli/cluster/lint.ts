import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { readLintFile, readLintTree } from '../../cluster/adapters/machine/read-tree.js';
import { lintHaproxy } from '../../cluster/lint/lint-haproxy.js';
import { lintJitsi } from '../../cluster/lint/lint-jitsi.js';
import { lintNginx } from '../../cluster/lint/lint-nginx.js';
import { lintSettings } from '../../cluster/lint/lint-settings.js';
import type { LintFile, LintResult } from '../../cluster/lint/lint-file.js';
import { lintJicofoLog } from '../../cluster/lint/read-jicofo-log.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import { checkHaproxySyntax, checkNginxSyntax } from './syntax.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { clusterCheckTexts } from '../../cluster/texts/check.js';

export interface LintAnswer {
  readonly results: readonly LintResult[];
  readonly files: number;
}

/**
 * Lints trees (`name=DIR`) and files, without any network; only `haproxy -c` and `nginx -t` are run, where they are
 * installed.
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
    throw configurationTexts.usageInvalid({
      detail: `--root ${root}: write NAME=DIR, as jvb1=/srv/jvb1/etc.`,
    });
  const [, node = '', directory = ''] = found;
  const files = await readLintTree(directory);
  if (files.length === 0)
    throw configurationTexts.configUnreadable({
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
  if (/nginx/.test(name) || /^\s*(rtmp|http|events)\s*\{/m.test(file.text))
    return [...(await checkNginxSyntax(file, signal)), ...lintNginx(file)];
  if (/jicofo/i.test(file.text.slice(0, 2000)) && /videobridge|JVB/.test(file.text))
    return lintJicofoLog(file);
  throw clusterCheckTexts.clusterFileUnknown({ file: file.path });
}
