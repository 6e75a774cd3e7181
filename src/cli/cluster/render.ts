import { wrap } from '../../cluster/check/render-table.js';
import path from 'node:path';
import { readVendoredFile, readPackageTexts } from '../../kit/adapters/files/package-files.js';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import { listNodes } from '../../cluster/inventory/nodes.js';
import type { RenderedFile, Templates } from '../../cluster/render/layout.js';
import { maskSecrets } from '../../cluster/render/mask-secrets.js';
import { MISSING_SECRET } from '../../cluster/render/render-jitsi.js';
import { renderCluster } from '../../cluster/render/render-cluster.js';
import { nearest } from '../../kit/config/nearest.js';
import { unifiedDiff } from '../../kit/output/unified-diff.js';
import type { Context } from '../kit/context.js';
import { openInventory } from './inventory.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import { readFileIfThere } from '../../kit/adapters/files/read-named-file.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { nearWord, words as clusterWords } from '../../cluster/words.js';
import { words } from './words.js';

export interface RenderFlags {
  readonly inventory: string | undefined;
  readonly nodes: readonly string[];
  readonly output: string;
}

export interface RenderedState {
  readonly file: RenderedFile;
  readonly target: string;
  readonly state: 'new' | 'changed' | 'same';
  /** Unified, secrets masked; empty for new and equal files. */
  readonly diff: string;
}

/** The texts that rendering fills, and the player's library. */
export const loadTemplates = (): Templates => ({
  ...readPackageTexts('config/templates'),
  'hls.min.js': readVendoredFile('hls.js/dist/hls.min.js'),
});

/** Renders and compares with what lies in the output folder. Writes nothing. */
export function renderInventory(context: Context, flags: RenderFlags): RenderedState[] {
  const { inventory } = openInventory(context, flags.inventory);
  const files = renderCluster(inventory, loadTemplates());
  const known = [...new Set(files.map(({ node }) => node))];
  for (const node of flags.nodes) {
    if (!known.includes(node)) {
      const near = nearWord(nearest(node, known));
      throw configurationTexts.usageInvalid({ detail: clusterWords.noNodeCalled({ node, near }) });
    }
  }
  const wanted = files.filter(({ node }) => flags.nodes.length === 0 || flags.nodes.includes(node));
  return wanted.map((file) => compare(file, path.join(flags.output, file.node, file.path)));
}

/** Compares a node's files with its own root directory: `--root lb1=/` on the balancer, or a copy of its /etc. */
export function compareRoots(
  context: Context,
  flags: { readonly inventory: string | undefined; readonly roots: readonly string[] },
): RenderedState[] {
  const { inventory } = openInventory(context, flags.inventory);
  const files = renderCluster(inventory, loadTemplates());
  return flags.roots.flatMap((root) => {
    const [node = '', directory = ''] = root.split(/=(.*)/s);
    if (directory === '' || !listNodes(inventory).some(({ name }) => name === node))
      throw configurationTexts.usageInvalid({
        detail: words.rootMalformed({ root }),
      });
    return files
      .filter((file) => file.node === node && /^(?:etc|usr|var|opt|home|srv)\//.test(file.path))
      .map((file) => compare(file, path.join(directory, file.path)));
  });
}

function compare(file: RenderedFile, target: string): RenderedState {
  const before = readFileIfThere(target);
  if (before === null) return { file, target, state: 'new', diff: '' };
  if (before === file.text) return { file, target, state: 'same', diff: '' };
  const diff = unifiedDiff(
    { name: target, text: maskSecrets(before) },
    { name: `${file.node}: ${file.path} (${words.rendered()})`, text: maskSecrets(file.text) },
  );
  return {
    file,
    target,
    state: 'changed',
    diff: diff === '' ? words.secretDiffers({ target }) : diff,
  };
}

/** Lines of a file that wait for a value, with the name that it has there. Runbooks speak of them only. */
function placeholdersOf({ path: name, text }: RenderedFile): { line: number; key: string }[] {
  if (name.endsWith('.md')) return [];
  return text
    .split('\n')
    .flatMap((line, i) =>
      line.includes(MISSING_SECRET) ? [{ line: i + 1, key: /[A-Za-z_][\w-]*/.exec(line)?.[0] ?? '?' }] : [],
    );
}

/** Where cluster.toml takes what a rendered file calls by this name. */
const KEYS: Readonly<Record<string, string>> = {
  PASSWORD: '[jitsi] jvb_password_file',
  POD_API_URL: '[encoding] pod_url',
  POD_API_TOKEN: '[encoding] pod_token_file',
  XAPI_LRS_URL: '[encoding] lrs_url',
  XAPI_LRS_LOGIN: '[encoding] lrs_login',
  XAPI_LRS_PWD: '[encoding] lrs_password_file',
};
const keyFor = (key: string): string =>
  KEYS[key] ?? (/BROKER/.test(key) ? '[encoding.brokers.…] url_file' : key);

/** Files that wait for a secret which the inventory does not give: they must not be put to work as they are. */
export const withPlaceholders = (states: readonly RenderedState[]): string[] =>
  states.filter(({ file }) => placeholdersOf(file).length > 0).map(({ target }) => target);

/** Writes what is new or changed; files with secrets for their owner alone. */
export async function writeRendered(states: readonly RenderedState[]): Promise<void> {
  for (const { file, target, state } of states) {
    if (state === 'same') continue;
    makeDirectory(path.dirname(target), 0o755);
    await writeAtomically(target, file.text, { mode: file.mode });
  }
}

/** New and changed files, one line each; with `compareOnly` what differs. */
export function listRendered(states: readonly RenderedState[], compareOnly: boolean): string[] {
  return states.flatMap(({ state, target, diff }) => {
    if (state === 'new') return [`${words.newFile()} ${target}`];
    if (state === 'same') return [];
    return [compareOnly ? diff : `${words.changedFile()} ${target}`];
  });
}

/** What must be said after it: secrets that are missing, and how many files. */
export function remarksOn(states: readonly RenderedState[], compareOnly: boolean): string[] {
  const changed = states.filter(({ state }) => state !== 'same').length;
  return [
    ...states.flatMap(({ file, target }) =>
      placeholdersOf(file).map(({ line, key }) =>
        wrap(
          words.valueMissing({
            target,
            line: String(line),
            placeholder: MISSING_SECRET,
            key,
            from: keyFor(key),
          }),
          2,
        ),
      ),
    ),
    compareOnly
      ? words.comparedFiles({ files: states.length, changed })
      : words.writtenFiles({ files: states.length, changed }),
  ];
}
