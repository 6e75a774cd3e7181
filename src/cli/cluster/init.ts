import { wrap } from '../../cluster/check/render-table.js';
import { createNewFile } from '../../kit/adapters/files/create-new-file.js';
import { isDirectory, listFiles } from '../../kit/adapters/files/path-status.js';
import { readText } from '../../kit/adapters/files/read-named-file.js';
import path from 'node:path';
import { readPackageTexts } from '../../kit/adapters/files/package-files.js';
import { readHaproxy } from '../../cluster/init/from-haproxy.js';
import { runnerRoleOf } from '../../cluster/lint/lint-esup-runner.js';
import { readRunnerMachines, type RunnerFile } from '../../cluster/init/from-esup-runner.js';
import { readJitsiTrees, type JitsiTree } from '../../cluster/init/from-jitsi.js';
import { readPodSettings } from '../../cluster/init/from-settings.js';
import type { FoundSystem, SourceFile } from '../../cluster/init/found-system.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import { messageOf, OperatorError } from '../../kit/errors/operator-error.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { clusterInventoryTexts } from '../../cluster/texts/inventory.js';
import { words } from './words.js';

const head = (): string => `${words.headOfInventory()}\nmaintenance = []\n`;

export interface WrittenInventory {
  readonly text: string;
  readonly remarks: readonly string[];
}

/** `cluster init` alone: the commented example. */
export const exampleInventory = (): WrittenInventory => ({
  text: readPackageTexts('config')['cluster.example.toml'] ?? '',
  remarks: [],
});

/**
 * `cluster init --from …`: haproxy.cfg, settings_local.py, or a directory that holds /etc/jitsi of one machine or
 * of several (a folder each). Nothing is executed.
 * @throws OperatorError config-unreadable, cluster-init-unknown.
 */
export function inventoryFrom(sources: readonly string[]): WrittenInventory {
  const found = sources.map(readSource);
  const seen = new Set<string>();
  for (const { system } of found) {
    if (seen.has(system))
      throw configurationTexts.usageInvalid({
        detail: words.twoSources({ system }),
      });
    seen.add(system);
  }
  return {
    text: [head(), ...found.map(({ text }) => text)].join('\n'),
    remarks: found.flatMap(({ remarks }) => remarks),
  };
}

function readSource(source: string): FoundSystem {
  try {
    if (isDirectory(source)) {
      const machines = readRunnerFiles(source);
      return machines.length > 0 ? readRunnerMachines(machines) : readJitsiTrees(readTrees(source));
    }
    const text = readText(source);
    const role = runnerRoleOf(text);
    if (role !== null) return readRunnerMachines([{ node: null, role, path: source, text }]);
    if (source.endsWith('.py')) return readPodSettings(path.resolve(source), readPythonConstants(text));
    if (/^[ \t]*(?:frontend|backend|listen)\b/m.test(text)) return readHaproxy({ path: source, text });
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw configurationTexts.configUnreadable({
      file: source,
      detail: messageOf(error, 'unreadable'),
    });
  }
  throw clusterInventoryTexts.clusterInitUnknown({ source });
}

const WANTED = /jitsi\/(?:jicofo\/jicofo\.conf|videobridge\/(?:jvb\.conf|sip-communicator\.properties))$/;
const DEPTH = 6;

/** The .env files of esup-runner below a directory, by the machine whose folder holds them. */
function readRunnerFiles(root: string): RunnerFile[] {
  return listFiles(root, DEPTH).flatMap((file) => {
    if (!/(^|\/|\.)env$/.test(file)) return [];
    const text = readText(file);
    const role = runnerRoleOf(text);
    if (role === null) return [];
    const parts = path.relative(root, file).split(path.sep);
    const own = parts.slice(0, -1).find((part) => !/^(opt|etc|srv|esup-runner|manager|runner)$/.test(part));
    return [
      {
        node: own ?? (parts.length === 1 ? parts[0]?.replace(/\.?env$/, '') : null) ?? null,
        role,
        path: file,
        text,
      },
    ];
  });
}

/** Files of Jitsi below a directory, by the machine whose folder holds them. */
function readTrees(root: string): JitsiTree[] {
  const byNode = new Map<string | null, SourceFile[]>();
  for (const file of listFiles(root, DEPTH)) {
    if (!WANTED.test(file)) continue;
    const parts = path.relative(root, file).split(path.sep);
    const at = parts.findIndex((part) => part === 'etc' || part === 'jitsi');
    const node = at > 0 ? parts.slice(0, at).join('-') : null;
    byNode.set(node, [...(byNode.get(node) ?? []), { path: file, text: readText(file) }]);
  }
  if (byNode.size === 0) throw clusterInventoryTexts.clusterInitUnknown({ source: root });
  return [...byNode].map(([node, files]) => ({ node, files }));
}

/** Writes the inventory to a file of its own, never over another. @throws OperatorError init-exists, file-unwritable */
export const writeInventory = (file: string, text: string): void => {
  createNewFile(file, text);
};

/** The line after the file was written. */
export const sayWritten = (file: string): string => words.wrote({ file });

/** What the sources could not tell, for a person. */
export const sayRemark = (remark: string): string => wrap(`- ${remark}`, 2);
