import { randomBytes } from 'node:crypto';
import { readText } from '../../kit/adapters/files/read-named-file.js';
import path from 'node:path';
import { fillExample } from '../../kit/config/init/fill-example.js';
import type { Constants } from '../../kit/config/init/literal.js';
import { mapConstants, type TomlValue } from '../../kit/config/init/map-constants.js';
import { readPhpConstants } from '../../kit/config/init/read-php.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import { createNewFile } from '../../kit/adapters/files/create-new-file.js';
import { readNamedFile } from '../../kit/adapters/files/read-named-file.js';
import { texts } from './texts.js';

export interface InitResult {
  readonly file: string;
  /** `0600`, or `0640` for the group of a directory that is made for it. */
  readonly mode: string;
  /** Dotted keys filled in, in the order of their sources; a later source wins. */
  readonly filled: readonly string[];
  readonly notes: readonly string[];
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
  const values = new Map<string, TomlValue>();
  const notes: string[] = [];
  for (const source of sources) {
    const imported = mapConstants(readConstants(source));
    if (imported.values.size === 0 && imported.notes.length === 0) {
      throw texts.initSourceUnknown({ file: source });
    }
    for (const [key, value] of imported.values) values.set(key, value);
    notes.push(...imported.notes);
    if (path.basename(source) === 'settings_local.py') values.set('pod.settings_file', path.resolve(source));
  }
  // One secret nobody has yet: the others exist somewhere, this one is made here.
  if (!values.has('recorder.queue_key')) values.set('recorder.queue_key', randomBytes(32).toString('hex'));
  notes.push('[recorder] queue_key was made: give the same one to every server of a conversion queue');
  const example = readText(path.join(root, 'config', 'bbb2pod.example.toml'));
  const { text, unknown } = fillExample(example, values);
  const file = path.resolve(target);
  const mode = createNewFile(file, text);
  return {
    file,
    mode: `0${mode.toString(8)}`,
    filled: [...values.keys()].filter((key) => !unknown.includes(key) && key !== 'recorder.queue_key'),
    notes: [...notes, ...unknown.map((key) => `${key} has no place in this version`)],
  };
}

function readConstants(source: string): Constants {
  const text = readNamedFile(source);
  return source.endsWith('.php') || text.includes('<?php')
    ? readPhpConstants(text)
    : readPythonConstants(text);
}
