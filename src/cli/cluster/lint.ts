import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { isThere } from '../../cluster/adapters/machine/share.js';
import { readLintFile, readLintTree } from '../../cluster/adapters/machine/read-tree.js';
import { withChangedCopy } from '../../cluster/adapters/machine/changed-copy.js';
import { keepValidFixes } from '../../cluster/lint/keep-valid-fixes.js';
import { lintHaproxy } from '../../cluster/lint/lint-haproxy.js';
import { lintCelery } from '../../cluster/lint/lint-celery.js';
import { lintEsupRunner } from '../../cluster/lint/lint-esup-runner.js';
import { lintJitsiDocker } from '../../cluster/lint/lint-jitsi-docker.js';
import { lintJitsi } from '../../cluster/lint/lint-jitsi.js';
import { lintNginx } from '../../cluster/lint/lint-nginx.js';
import { lintRedis } from '../../cluster/lint/lint-redis.js';
import { lintSettings, starImports, type ImportedSettings } from '../../cluster/lint/lint-settings.js';
import { lintFinding, type LintFile, type LintResult, type LintTree } from '../../cluster/lint/lint-file.js';
import { filesInUse } from '../../cluster/lint/files-in-use.js';
import { asJitsiFile, recogniseFile, type FileKind } from '../../cluster/lint/recognise-file.js';
import { lintJicofoLog } from '../../cluster/lint/read-jicofo-log.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import { checkHaproxySyntax, checkNginxSyntax } from './syntax.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { words } from './words.js';

export interface LintAnswer {
  readonly results: readonly LintResult[];
  readonly files: number;
}

/**
 * Lints trees (`name=DIR`) and files, without any network; only `haproxy -c` and `nginx -t` are run, where they are
 * installed.
 * @throws OperatorError usage-invalid, config-unreadable.
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
  // A file of Jitsi given alone is a tree of one file.
  const jitsi = single
    .filter((file) => recogniseFile(file).kind === 'jitsi')
    .map((file) => ({ node: path.basename(file.path), files: [asJitsiFile(file)] }));
  // Files of esup-runner given together are one deployment.
  const runnerFiles = single
    .filter((file) => recogniseFile(file).kind === 'esup-runner')
    .map((file) => ({ node: nodeOfEnvironment(file.path), files: [file] }));
  const containers = single
    .filter((file) => recogniseFile(file).kind === 'jitsi-docker')
    .map((file) => ({ node: nodeOfEnvironment(file.path), files: [file] }));
  const results = [
    ...(trees.length === 0
      ? []
      : [...lintJitsi(trees, hash), ...lintJitsiDocker(trees, hash), ...lintEsupRunner(trees, hash)]),
    ...lintEsupRunner(runnerFiles, hash),
    ...lintJitsiDocker(containers, hash),
    ...jitsi.flatMap((tree) => lintJitsi([tree], hash, true)),
    ...(await Promise.all(single.map((file) => lintOne(file, signal)))).flat(),
    ...(await lintTreeFiles(trees, signal)),
  ];
  return { results, files: trees.flatMap((tree) => tree.files).length + single.length };
}

/** `/srv/r1/runner/.env` and `/srv/r1.env`: what a file's place says of its machine; all say the same when nothing does. */
const nodeOfEnvironment = (file: string): string => {
  const name = path.basename(file);
  if (name !== '.env') return name.replace(/\.env$/, '');
  const parts = path.resolve(file).split(path.sep);
  return (
    parts.findLast((part) => !/^(\.env|manager|runner|esup-runner|opt|etc|srv)$/.test(part)) ?? 'esup-runner'
  );
};

/** Kinds that a tree's rules do not take together: each file is judged as `--file` does. */
const ALONE = new Set<FileKind['kind']>(['haproxy', 'nginx', 'redis', 'celery', 'settings']);

/** HAProxy, nginx, Redis, Celery and Pod's settings in trees, under the name of their node. */
async function lintTreeFiles(trees: readonly LintTree[], signal: AbortSignal): Promise<LintResult[]> {
  const results: LintResult[] = [];
  // One after the other: each may start a program.
  for (const { node, files } of trees)
    for (const file of filesInUse(files))
      if (ALONE.has(recogniseFile(file).kind))
        for (const result of await lintOne(file, signal, isPart(file))) results.push({ ...result, node });
  return results;
}

/** A part of nginx's configuration says nothing to `nginx -t` without what stands around it. */
const isPart = (file: LintFile): boolean =>
  recogniseFile(file).kind === 'nginx' && !/^[ \t]*events\b\s*\{/m.test(file.text);

async function readRoot(root: string) {
  const found = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(root);
  if (found === null)
    throw configurationTexts.usageInvalid({
      detail: words.lintRootMalformed({ root }),
    });
  const [, node = '', directory = ''] = found;
  const files = await readLintTree(directory);
  if (files.length === 0)
    throw configurationTexts.configUnreadable({
      file: directory,
      detail: words.noFileToLint(),
    });
  return { node, files };
}

/** A file gets the rules of its grammar; what has none is said to be unjudged. */
async function lintOne(file: LintFile, signal: AbortSignal, part = false): Promise<LintResult[]> {
  const found = recogniseFile(file);
  switch (found.kind) {
    case 'jicofo-log':
      return lintJicofoLog(file);
    case 'settings':
      return lintSettings(file, readPythonConstants(file.text), await readImported(file));
    case 'haproxy':
      return judgeAndTry(file, lintHaproxy(file), (one) => checkHaproxySyntax(one, signal));
    case 'nginx':
      return part
        ? lintNginx(file)
        : judgeAndTry(file, lintNginx(file), (one) => checkNginxSyntax(one, signal));
    case 'redis':
      return lintRedis(file);
    case 'celery':
      return lintCelery(file);
    case 'template':
      return [unjudged('S21-template', file, '')];
    case 'other':
      return [unjudged('S21-not-known', file, found.what)];
    case 'jitsi':
    case 'jitsi-docker':
    case 'esup-runner':
      return [];
  }
}

/** The program's own findings, then ours: a correction is printed only when the corrected file passes the program. */
async function judgeAndTry(
  file: LintFile,
  found: readonly LintResult[],
  judge: (file: LintFile) => Promise<LintResult[]>,
): Promise<LintResult[]> {
  const complaints = (results: readonly LintResult[]): string[] =>
    results.map(({ code, parameters }) => `${code} ${String(parameters['detail'] ?? '')}`);
  const tried = await keepValidFixes(file, found, (text) =>
    withChangedCopy(file.path, text, async (copy) => complaints(await judge({ ...file, text, path: copy }))),
  );
  return [...(await judge(file)), ...tried];
}

/** Modules that the settings take over whole, where they lie beside them. */
async function readImported(file: LintFile): Promise<ImportedSettings[]> {
  const found = await Promise.all(
    starImports(file.text).map(async (module) => {
      const beside = path.join(path.dirname(file.path), `${module.split('.').at(-1) ?? ''}.py`);
      if (!(await isThere(beside))) return null;
      return { module, constants: readPythonConstants((await readLintFile(beside)).text) };
    }),
  );
  return found.filter((one) => one !== null);
}

const unjudged = (code: 'S21-template' | 'S21-not-known', file: LintFile, what: string): LintResult =>
  lintFinding(code, {
    system: 'streaming',
    node: path.basename(file.path),
    file,
    line: 0,
    parameters: { what },
    status: 'unknown',
  });
