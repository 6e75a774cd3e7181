import { shellWord } from './output/shell.js';

let named: string | undefined;
let inventory: string | undefined;

/** `--config`, and `--inventory` of the cluster commands, as they were typed; chosen once, when the command begins. */
export function nameConfiguration(file: string | undefined, clusterInventory?: string): void {
  named = file;
  inventory = clusterInventory;
}

/** Commands that read the configuration; `init` writes one. */
const COMMAND = /\bbbb2pod (?:(?:cluster|live|migrate|moodle|recorder) [a-z]+|doctor)(?![\w-])/g;

/** Cluster commands that read an inventory; those of files and examples need none. */
const READS_INVENTORY = /\bcluster (?:check|drain|plan|queue|ready|render)$/;
const NEEDS_NONE = / --(?:inventory|root|file|explain)[ =]/;

/**
 * A text whose commands name the configuration, and the inventory, again where it was named: what is printed works as
 * it stands. Commands that name one already stay as they are.
 */
export function configured(text: string): string {
  const [file, cluster] = [named, inventory];
  if (file === undefined && cluster === undefined) return text;
  return text.replace(COMMAND, (command, at: number) => {
    const rest = text.slice(at + command.length).split(/[ \u202f]; |\n|bbb2pod /)[0] ?? '';
    const words = [command];
    if (file !== undefined && !/ --config[ =]/.test(rest)) words.push('--config', shellWord(file));
    if (cluster !== undefined && READS_INVENTORY.test(command) && !NEEDS_NONE.test(rest))
      words.push('--inventory', shellWord(cluster));
    return words.join(' ');
  });
}

/** Such a text as it was before: who reads what another command noted has named a configuration of their own, or none. */
export const unconfigured = (text: string): string =>
  text.replace(new RegExp(`(${COMMAND.source})(?: --(?:config|inventory) (?:'[^']*'|\\S+))+`, 'g'), '$1');
