import { randomBytes } from 'node:crypto';
import { readText } from '../../kit/adapters/files/read-named-file.js';
import path from 'node:path';
import { fillExample } from '../../kit/config/init/fill-example.js';
import type { Constants } from '../../kit/config/init/literal.js';
import { mapConstants } from '../../kit/config/init/map-constants.js';
import { mergeImported } from '../../kit/config/init/merge-imported.js';
import { readEnvConstants, readJsonConstants } from '../../kit/config/init/read-env.js';
import { readPhpConstants } from '../../kit/config/init/read-php.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import { createNewFile } from '../../kit/adapters/files/create-new-file.js';
import { readNamedFile } from '../../kit/adapters/files/read-named-file.js';
import { texts } from './texts.js';

export interface InitResult {
  readonly file: string;
  /** `0600`, or `0640` for the group of a directory that is made for it. */
  readonly mode: string;
  /** Dotted keys filled in, whatever the order of their sources. */
  readonly filled: readonly string[];
  readonly notes: readonly string[];
  /** What to know of what was written. */
  readonly hints: readonly string[];
}

/**
 * Writes the commented example, filled in with what the given files define.
 * @param root where the package lies: it brings the example.
 */
export function writeConfiguration({
  root,
  target,
  sources,
}: {
  root: string;
  target: string;
  sources: readonly string[];
}): InitResult {
  const files = sources.map((file) => ({ file, ...mapConstants(readConstants(file)) }));
  const unknownSource = files.find(
    ({ values: own, notes: said, computed }) => own.size + said.length + computed.size === 0,
  );
  if (unknownSource !== undefined) throw texts.initSourceUnknown({ file: unknownSource.file });
  const { values, notes } = mergeImported(files);
  const settings = sources.find((file) => path.basename(file) === 'settings_local.py');
  if (settings !== undefined) values.set('pod.settings_file', path.resolve(settings));
  // One secret nobody has yet: the others exist somewhere, this one is made here.
  if (!values.has('recorder.queue_key')) values.set('recorder.queue_key', randomBytes(32).toString('hex'));
  const example = readText(path.join(root, 'config', 'bbb2pod.example.toml'));
  const { text, unknown } = fillExample(example, values);
  const file = path.resolve(target);
  const mode = createNewFile(file, text);
  return {
    file,
    mode: `0${mode.toString(8)}`,
    filled: [...values.keys()].filter((key) => !unknown.includes(key) && key !== 'recorder.queue_key'),
    notes: [...notes, ...unknown.map((key) => `${key} has no place in this version`)],
    hints: [...serverHints([...values.keys()]), KEY_HINT],
  };
}

const KEY_HINT = '[recorder] queue_key was made: every server of a conversion queue needs the same one';

/** Without --server a command takes every server: that the lives' or Pod's own are among them must be known. */
function serverHints(keys: readonly string[]): string[] {
  const names = keys.flatMap((key) => /^bbb\.([a-z]+)\.url$/.exec(key)?.[1] ?? []);
  if (names.length < 2) return [];
  const sections = names.map((name) => (name === 'default' ? '[bbb]' : `[bbb.${name}]`)).join(', ');
  const first = names.includes('default') ? 'default' : (names[0] ?? '');
  return [
    `Servers: ${sections}. Commands take all of them, or one: bbb2pod migrate recordings --server ${first}`,
  ];
}

/** @throws OperatorError config-unreadable, which names the file */
function readConstants(source: string): Constants {
  const text = readNamedFile(source);
  try {
    return parseConstants(source, text);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError('config-unreadable', { ...error.parameters, file: source }, { cause: error });
  }
}

function parseConstants(source: string, text: string): Constants {
  if (source.endsWith('.json')) return readJsonConstants(text);
  if (path.basename(source).startsWith('.env')) return readEnvConstants(text);
  return source.endsWith('.php') || text.includes('<?php')
    ? readPhpConstants(text)
    : readPythonConstants(text);
}
