import { nearest } from '../../kit/config/nearest.js';
import {
  invalidToml,
  isTree,
  parseToml,
  problemsOf,
  readSecretFiles,
  type Problem,
  type Tree,
} from '../../kit/config/toml-file.js';
import { listNodes } from './nodes.js';
import { inventorySchema, type Inventory } from './schema.js';
import { celeryNameOf } from '../pod/inventory.js';
import { nicknameOf } from '../jitsi/inventory.js';
import { nearWord, words } from '../words.js';

/** Prints the commented example. */
const EXAMPLE = 'bbb2pod cluster init';

/** Keys of cluster.toml that hold a secret, and may be given as `…_file`. */
const secretKeys = new Set([
  'url',
  'stats_password',
  'jvb_password',
  'jicofo_password',
  'pod_token',
  'lrs_password',
  'token',
  'api_password',
  'api_token',
  'runner_token',
]);

/**
 * Reads cluster.toml: syntax, keys, values, secrets from their files, and what no single key can tell (names
 * used twice, a queue without a broker).
 * @throws OperatorError config-invalid with file:line and the nearest name; secret-unreadable.
 */
export function loadInventory(
  { path, text }: { readonly path: string; readonly text: string },
  readSecretFile: (path: string) => string,
): Inventory {
  const tree = parseToml(path, text, EXAMPLE);
  const esupRunner = moveEsupRunner(tree);
  readSecretFiles(tree, secretKeys, readSecretFile);
  const result = inventorySchema.safeParse(tree);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => problemsOf(inventorySchema, issue));
    throw invalidToml(path, text, asWritten(problems, esupRunner), EXAMPLE);
  }
  const problems = crossRules(result.data);
  if (problems.length > 0) throw invalidToml(path, text, asWritten(problems, esupRunner), EXAMPLE);
  return result.data;
}

const ESUP_RUNNER = 'esup_runner';

/**
 * A table of any name that says `kind = "esup-runner"` is that system: `[encoding]` of a Pod that has left Celery,
 * `["esup-runner"]`, `[runners]`.
 * @returns the name it had; null when there is none, or it had ours
 */
function moveEsupRunner(tree: Tree): string | null {
  const found = Object.entries(tree).find(
    ([name, table]) => name !== ESUP_RUNNER && isTree(table) && table['kind'] === 'esup-runner',
  );
  if (found === undefined || ESUP_RUNNER in tree) return null;
  const [name, table] = found;
  tree[ESUP_RUNNER] = table;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain object of parsed TOML
  delete tree[name];
  return name;
}

/** Problems under the name that the operator wrote. */
const asWritten = (problems: readonly Problem[], name: string | null): Problem[] =>
  problems.map(({ at, detail }) => ({
    at: name !== null && at[0] === ESUP_RUNNER ? [name, ...at.slice(1)] : at,
    detail,
  }));

/** Rules over several keys. Each names the key that the operator would change. */
function crossRules(inventory: Inventory): Problem[] {
  return [
    ...uniqueNames(inventory),
    ...maintenanceNames(inventory),
    ...jitsiRules(inventory),
    ...encodingRules(inventory),
  ];
}

function uniqueNames(inventory: Inventory): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { name, system, role } of listNodes(inventory)) {
    const before = seen.get(name);
    if (before !== undefined)
      problems.push({
        at: [system, `${role}s`, name],
        detail: words.nameTwice({ name, before }),
      });
    seen.set(name, role);
  }
  return problems;
}

function maintenanceNames(inventory: Inventory): Problem[] {
  const names = [...listNodes(inventory).map(({ name }) => name), ...(inventory.streaming?.streams ?? [])];
  return inventory.maintenance
    .filter((name) => !names.includes(name))
    .map((name) => {
      const near = nearWord(nearest(name, names));
      return { at: ['maintenance'], detail: words.maintenanceUnknown({ name, near }) };
    });
}

function jitsiRules({ jitsi }: Inventory): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(jitsi?.jvbs ?? {}).flatMap(([name, jvb]) => {
    const nickname = nicknameOf(name, jvb).toLowerCase();
    const other = seen.get(nickname);
    seen.set(nickname, name);
    if (other === undefined) return [];
    return [
      {
        at: ['jitsi', 'jvbs', name, 'nickname'],
        detail: words.nicknameTwice({ nickname, other }),
      },
    ];
  });
}

function encodingRules({ encoding }: Inventory): Problem[] {
  if (encoding === undefined) return [];
  const problems: Problem[] = [];
  const queues = Object.values(encoding.brokers).flatMap(({ queues: own }) => own);
  const names = new Map<string, string>();
  for (const [name, worker] of Object.entries(encoding.workers)) {
    if (!queues.includes(worker.queue)) {
      const near = nearWord(nearest(worker.queue, queues));
      problems.push({
        at: ['encoding', 'workers', name, 'queue'],
        detail: words.queueWithoutBroker({ queue: worker.queue, near }),
      });
    }
    const celery = celeryNameOf(name, worker);
    const other = names.get(celery);
    if (other !== undefined)
      problems.push({
        at: ['encoding', 'workers', name, 'node_name'],
        detail: words.celeryNameTwice({ celery, other }),
      });
    names.set(celery, name);
  }
  return problems;
}
