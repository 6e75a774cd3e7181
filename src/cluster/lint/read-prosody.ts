import type { LintFile } from './lint-file.js';

/** A `VirtualHost` of prosody with the way its accounts are known. */
export interface ProsodyHost {
  readonly name: string;
  readonly authentication: string | null;
  readonly file: LintFile;
  readonly line: number;
}

/** A `Component` of prosody; `kind` is its module (`muc`). */
export interface ProsodyComponent {
  readonly name: string;
  readonly kind: string;
  readonly file: LintFile;
  readonly line: number;
}

export interface ProsodyFile {
  readonly hosts: readonly ProsodyHost[];
  readonly components: readonly ProsodyComponent[];
  /** Whether a name is known at the start of prosody alone (`os.getenv`, a function, a template). */
  readonly open: boolean;
}

const SECTION = /^\s*(VirtualHost|Component)\b\s*(.*)$/;

/**
 * Reads the hosts of a prosody configuration, which is a Lua program (prosody 0.12, core/configmanager.lua): names are
 * text, variables that hold text, and both joined by `..`. What else may stand there is not run.
 */
export function readProsody(file: LintFile): ProsodyFile {
  const lines = withoutComments(file.text).split('\n');
  const known = new Map<string, string>();
  const hosts: { name: string; authentication: string | null; file: LintFile; line: number }[] = [];
  const components: ProsodyComponent[] = [];
  let open = false;
  let current: { authentication: string | null } | null = null;
  lines.forEach((text, i) => {
    const section = SECTION.exec(text);
    if (section !== null) {
      current = null;
      const said = readCall(section[2] ?? '', known);
      if (said === null) return;
      const [name, kind = ''] = said;
      if (name == null) open = true;
      else if (section[1] === 'VirtualHost') {
        const host = { name, authentication: null, file, line: i + 1 };
        hosts.push(host);
        current = host;
      } else components.push({ name, kind: kind ?? '', file, line: i + 1 });
      return;
    }
    const [, key = '', expression = ''] = /^\s*(?:local\s+)?([A-Za-z_]\w*)\s*=(?!=)(.+)$/.exec(text) ?? [];
    const value = key === '' ? null : evaluate(expression.trim().replace(/;$/, '').trim(), known);
    if (key === 'authentication' && current !== null) current.authentication = value;
    else if (value !== null) known.set(key, value);
    else known.delete(key);
  });
  return { hosts, components, open };
}

/** Whether a file of these takes in others that are not here. */
export function includesOthers(files: readonly LintFile[]): boolean {
  return files.some(({ path, text }) =>
    [...withoutComments(text).matchAll(/^[ \t]*Include\s*\(?\s*["']([^"'\n]+)["']/gm)].some(
      ([, named = '']) => {
        const folder = named.split('/').at(-2);
        const name = named.split('/').at(-1) ?? named;
        return !files.some((other) => {
          if (other.path === path) return false;
          const parts = other.path.split('/');
          return name.includes('*') ? parts.at(-2) === folder : parts.at(-1) === name;
        });
      },
    ),
  );
}

/** `"x"`, `("x")`, `"x" "muc"`, `(a .. b, "muc")`, `(a) "muc"`: a name and a module; null where it is no call. */
function readCall(text: string, known: ReadonlyMap<string, string>): (string | null)[] | null {
  const plain = /^(["'])(.*?)\1\s*(.*)$/.exec(text);
  if (plain !== null) {
    const [module] = readCall(plain[3] ?? '', known) ?? [];
    return [literal(plain[2] ?? ''), module ?? ''];
  }
  if (!text.startsWith('(')) return null;
  const end = closing(text);
  const parts = splitArguments(text.slice(1, end)).map((one) => evaluate(one, known));
  const [module] = readCall(text.slice(end + 1).trim(), known) ?? [];
  return parts.length > 1 ? parts : [parts[0] ?? null, module ?? ''];
}

/** What a template leaves to be filled in is no name. */
const literal = (text: string): string | null => (/\{\{|\{%|\$\{|<%/.test(text) ? null : text);

/** At each `..` outside quotes. */
function splitJoined(expression: string): string[] {
  const pieces = [''];
  for (const [token] of expression.matchAll(/"[^"]*"|'[^']*'|\.\.|./gs))
    if (token === '..') pieces.push('');
    else pieces[pieces.length - 1] = `${pieces.at(-1) ?? ''}${token}`;
  return pieces;
}

/** Pieces joined by `..`; null when one of them is known at run time alone. */
function evaluate(expression: string, known: ReadonlyMap<string, string>): string | null {
  const pieces = splitJoined(expression).map((piece) => {
    const trimmed = piece.trim();
    const text = trimmed.startsWith('(') && trimmed.endsWith(')') ? trimmed.slice(1, -1).trim() : trimmed;
    const quoted = /^(["'])([^"']*)\1$/.exec(text) ?? /^(\[\[)(.*)\]\]$/.exec(text);
    if (quoted !== null) return literal(quoted[2] ?? '');
    return known.get(text) ?? null;
  });
  return pieces.every((piece) => piece !== null) ? pieces.join('') : null;
}

function closing(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i;
  }
  return text.length;
}

const splitArguments = (text: string): string[] => {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] = `${parts.at(-1) ?? ''}${character}`;
  }
  return parts;
};

/** Comments of Lua go, lines stay. Two hyphens within quotes are text. */
function withoutComments(text: string): string {
  return text.replaceAll(/--\[\[[^]*?\]\]|"[^"\n]*"|'[^'\n]*'|--[^\n]*/g, (found) =>
    found.startsWith('--') ? found.replaceAll(/[^\n]/g, '') : found,
  );
}
