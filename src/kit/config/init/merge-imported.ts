import { SOURCE_KINDS, type Imported, type TomlValue } from './map-constants.js';

/** A file that `init --from` names, with what it gives. */
export interface ImportedFile extends Imported {
  /** As it was typed. */
  readonly file: string;
}

/** Keys whose values no message repeats. */
const SECRET = /(?:secret|secret_key|password|token|rtmp_url|database)$/;

/**
 * One configuration out of several files, whatever their order: `[bbb]` is the server that the script migrates from,
 * `[bbb.pod]` Pod's own, `[bbb.live]` that of the lives; one server that two files name is one section. Where files
 * differ, the script's value is taken before Pod's, Pod's before that of the lives, and a note names both files.
 */
export function mergeImported(files: readonly ImportedFile[]): {
  readonly values: Map<string, TomlValue>;
  readonly notes: readonly string[];
} {
  const ordered = [...files].sort(
    (a, b) =>
      SOURCE_KINDS.indexOf(a.kind) - SOURCE_KINDS.indexOf(b.kind) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
  );
  const values = new Map<string, TomlValue>();
  const givers = new Map<string, string>();
  const notes: string[] = ordered.flatMap(({ notes: own }) => own);
  const take = (key: string, value: TomlValue, file: string): void => {
    const taken = values.get(key);
    if (taken === undefined) {
      values.set(key, value);
      givers.set(key, file);
    } else if (!same(taken, value))
      notes.push(difference(key, [givers.get(key) ?? '', taken], [file, value]));
  };
  for (const { file, values: own } of ordered) for (const [key, value] of own) take(key, value, file);
  for (const name of ['pod', 'live']) if (!values.has(`bbb.${name}.url`)) values.delete(`bbb.${name}.secret`);
  const isLive = values.has('bbb.live.url');
  const podIs = foldServer('pod', ['default'], values, givers, notes);
  const liveIs = foldServer('live', ['default', podIs], values, givers, notes);
  if (isLive) values.set('live.bbb', liveIs);
  const missing = ordered.flatMap(({ computed }) => [...computed]);
  for (const [key, note] of missing) if (!values.has(key) && !notes.includes(note)) notes.push(note);
  return { values, notes };
}

/** A section that names the server of an earlier one is that one. @returns the name under which the server is kept. */
function foldServer(
  name: string,
  earlier: readonly string[],
  values: Map<string, TomlValue>,
  givers: ReadonlyMap<string, string>,
  notes: string[],
): string {
  const url = values.get(`bbb.${name}.url`);
  const twin = earlier.find((other) => url !== undefined && same(values.get(`bbb.${other}.url`) ?? '', url));
  if (twin === undefined || url === undefined) return name;
  const [own, theirs] = [`bbb.${name}.secret`, `bbb.${twin}.secret`];
  const secret = values.get(own);
  const taken = values.get(theirs);
  if (secret !== undefined && taken === undefined) values.set(theirs, secret);
  else if (secret !== undefined && taken !== undefined && !same(secret, taken))
    notes.push(difference(theirs, [givers.get(theirs) ?? '', taken], [givers.get(own) ?? '', secret]));
  values.delete(`bbb.${name}.url`);
  values.delete(own);
  return twin;
}

function difference(
  key: string,
  [first, taken]: [string, TomlValue],
  [second, value]: [string, TomlValue],
): string {
  const shown = (file: string, given: TomlValue): string =>
    SECRET.test(key) ? file : `${file} (${JSON.stringify(given)})`;
  return `${key} differs between ${shown(first, taken)} and ${shown(second, value)}: the first was taken, look which is right`;
}

/** A slash at the end, or the case of a host, makes no other address. */
function same(one: TomlValue, other: TomlValue): boolean {
  const plain = (value: TomlValue): string => {
    if (typeof value !== 'string') return JSON.stringify(value);
    const bare = value.replace(/\/+$/, '');
    return /^https?:/i.test(bare) ? bare.toLowerCase() : bare;
  };
  return plain(one) === plain(other);
}
