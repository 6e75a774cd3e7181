import { stringify } from 'smol-toml';
import type { TomlValue } from './map-constants.js';
import { append } from '../../groups.js';

const HEADER = /^(# )?\[([a-z_]+)(?:\.([a-z]+))?\]\s*$/;
const KEY = /^(# )?([a-z_0-9]+) = /;
const named = new Set(['bbb', 'moodle']);

/**
 * Sets values in the commented example and leaves the rest of it as it is. A value takes the place of its own
 * line; the other way to give the same thing (`x` and `x_file`, a database's URL and its pieces) is commented out.
 * @param values by dotted key; named sections with their name: `bbb.default.url`, `moodle.moodle2.univ.fr.host`.
 * @returns the text, and the keys that the example does not know.
 */
export function fillExample(
  example: string,
  values: ReadonlyMap<string, TomlValue>,
): { text: string; unknown: string[] } {
  const wanted = new Map(values);
  const unused = silenced(wanted);
  // Other servers are named and this one is not: what stands in the example is nobody's.
  const withoutFirst =
    [...wanted.keys()].some((key) => key.startsWith('bbb.')) &&
    ![...wanted.keys()].some((key) => key.startsWith('bbb.default.'));
  const lines: string[] = [];
  let section = '';
  let headerAt = -1;
  for (const line of example.split('\n')) {
    const header = HEADER.exec(line);
    const key = KEY.exec(line)?.[2];
    const dotted = section === '' ? (key ?? '') : `${section}.${key ?? ''}`;
    if (header !== null) {
      section = sectionName(header[2] ?? '', header[3]);
      headerAt = lines.length;
      lines.push(withoutFirst && section === 'bbb.default' ? `# ${line}` : line);
    } else if (key === undefined) lines.push(line);
    else if (wanted.has(dotted)) {
      lines.push(tomlLine(key, wanted.get(dotted) ?? ''));
      wanted.delete(dotted);
      if (headerAt >= 0) lines[headerAt] = (lines[headerAt] ?? '').replace(/^# /, '');
    } else {
      const isSilent = unused.has(dotted) || (withoutFirst && section === 'bbb.default');
      lines.push(isSilent && !line.startsWith('# ') ? `# ${line}` : line);
    }
  }
  const text = [...lines, ...otherSites(wanted)].join('\n');
  return { text, unknown: [...wanted.keys()] };
}

const sectionName = (section: string, name: string | undefined): string =>
  named.has(section) ? `${section}.${name ?? 'default'}` : section;

const tomlLine = (key: string, value: TomlValue): string => stringify({ [key]: value }).trimEnd();

/** Keys that would contradict those that are set. */
function silenced(values: ReadonlyMap<string, TomlValue>): Set<string> {
  const keys = new Set<string>();
  for (const key of values.keys()) {
    keys.add(`${key}_file`);
    const parent = key.slice(0, key.lastIndexOf('.'));
    if (key.endsWith('.host') || key.endsWith('.engine')) {
      keys.add(`${parent}.database`);
      keys.add(`${parent}.database_file`);
    }
  }
  return keys;
}

/** Sections for the servers and Moodles that the example has no room for; what is written is taken out of `wanted`. */
function otherSites(wanted: Map<string, TomlValue>): string[] {
  const sites = new Map<string, string[]>();
  for (const [dotted, value] of wanted) {
    const found = /^(bbb|moodle)\.(.+)\.([a-z_0-9]+)$/.exec(dotted);
    if (found === null || found[2] === 'default') continue;
    const [, section = '', name = '', key = ''] = found;
    const header = `[${section}.${/^[a-z]+$/.test(name) ? name : JSON.stringify(name)}]`;
    append(sites, header, tomlLine(key, value));
    wanted.delete(dotted);
  }
  return [...sites].flatMap(([header, lines]) => [header, ...lines, '']);
}
