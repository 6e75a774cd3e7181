import { parseSafely } from '../../kit/config/parse-safely.js';

/** A directive of an nginx configuration, with what it encloses. */
export interface Directive {
  readonly words: readonly string[];
  readonly line: number;
  readonly block: readonly Directive[] | null;
}

/** Reads directives, blocks, quotes and comments; includes are not followed. */
export const readNginx = (text: string): Directive[] => parseSafely('nginx.conf', text, readDirectives);

/** Blocks that anybody writes are five deep; whoever walks them calls itself. */
const DEEPEST = 200;

function readDirectives(text: string): Directive[] {
  const tokens: { text: string; line: number }[] = [];
  let line = 1;
  for (const [token] of text.matchAll(
    /\n|#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\\.|\$\{[^}]*\}|[^\s{};"'])(?:\\.|\$\{[^}]*\}|[^\s{};])*/g,
  )) {
    if (token === '\n') line++;
    else if (!token.startsWith('#')) {
      tokens.push({ text: token, line });
      line += token.split('\n').length - 1;
    }
  }
  let at = 0;
  const readBlock = (depth = 0): Directive[] => {
    if (depth > DEEPEST) throw new RangeError('blocks nest too deeply');
    const found: Directive[] = [];
    let words: string[] = [];
    let first = 0;
    while (at < tokens.length) {
      const token = tokens[at++];
      if (token === undefined || token.text === '}') return found;
      if (token.text === ';' || token.text === '{') {
        const block = token.text === '{' ? readBlock(depth + 1) : null;
        if (words.length > 0) found.push({ words, line: first, block });
        words = [];
      } else {
        if (words.length === 0) first = token.line;
        words.push(token.text.replace(/^(["'])(.*)\1$/s, '$2'));
      }
    }
    return found;
  };
  return readBlock();
}

/** All directives of a name, at any depth. */
export const find = (directives: readonly Directive[], name: string): Directive[] =>
  directives.flatMap((one) => [
    ...(one.words[0] === name ? [one] : []),
    ...(one.block === null ? [] : find(one.block, name)),
  ]);

/** What holds for one application: its own directives, then those of its `server` and of `rtmp` above it. */
export interface Application {
  readonly name: string;
  readonly line: number;
  readonly inside: readonly Directive[];
  readonly above: readonly Directive[];
  /** Whether its server listens on this machine alone. */
  readonly inner: boolean;
  /** Ports of its server. */
  readonly ports: readonly number[];
}

/** Applications of nginx-rtmp; a part of a split configuration may hold them without `rtmp` around. */
export function applicationsOf(root: readonly Directive[]): Application[] {
  const found: Application[] = [];
  const walk = (
    directives: readonly Directive[],
    above: readonly Directive[],
    listens: readonly string[],
  ) => {
    const plain = directives.filter(({ block }) => block === null);
    const own = plain.filter(({ words }) => words[0] === 'listen').map(({ words }) => words[1] ?? '');
    for (const { words, line, block } of directives) {
      if (block === null || words[0] === 'http' || words[0] === 'stream') continue;
      const here = own.length > 0 ? own : listens;
      if (words[0] !== 'application') walk(block, [...plain, ...above], here);
      else
        found.push({
          name: words[1] ?? '?',
          line,
          inside: block,
          above: [...plain, ...above],
          inner: here.length > 0 && here.every((one) => /^(127\.|localhost|\[::1\]|unix:)/.test(one)),
          ports: here.map((one) => Number(/(?:^|:)(\d+)$/.exec(one)?.[1] ?? 1935)),
        });
    }
  };
  walk(root, [], []);
  return found;
}

/** The directives of a name that hold in an application: its own, or else the nearest above (nginx-rtmp inherits). */
export function inForce({ inside, above }: Application, name: string): readonly Directive[] {
  const own = find(inside, name);
  return own.length > 0 ? own : above.filter(({ words }) => words[0] === name);
}
