import fc from 'fast-check';

/** What may stand in any text that comes from outside. Each is one fault, named for the table of the proof. */
export const hostileWords: Readonly<Record<string, string>> = {
  sql: `"; DROP TABLE auth_user; --`,
  quote: `Robert'); DELETE FROM mdl_course;--`,
  shell: '$(id) `id` ; rm -rf / | cat',
  path: '../../../../etc/passwd',
  'path of another kind': '..\\..\\x\0.mp4',
  format: '%s%n%d%99999999s%p',
  script: '</title><script>alert(1)</script><img src=x onerror=alert(1)>',
  attribute: '" onmouseover="alert(1)" x="',
  formula: '=HYPERLINK("http://evil.example","x")+cmd|\' /C calc\'!A0',
  escape: '\u001b]0;owned\u0007\u001b[2J\u001b[31mred',
  controls: '\u0001\u0007\u0008\u000b\u007f\u0085\u009b31m',
  NUL: 'a\0b',
  RTL: 'abc\u202egpj.exe\u2066x\u2069',
  'lone surrogate': 'a\ud800b',
  emoji: '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  combining: `e${'\u0301'.repeat(300)}`,
  lines: 'one\r\ntwo\n\nthree\u2028four',
  yaml: 'a: [*x, &x {}]\n  - \'b"#',
  'yaml and compose': '${HOME}$$(id) {{ 7*7 }} <%= 7 %> <?php echo 1; ?>',
  prototype: '__proto__',
  constructor: 'constructor',
  'negative number': '-1',
  'huge number': '99999999999999999999999999',
  'no number': 'NaN',
  exponent: '1e309',
  empty: '',
  spaces: '   \t ',
  1969: '-31536000000',
  9999: '253402300799999',
  'after all dates': '8640000000000001',
  'date as text': '1969-12-31T23:59:59Z',
  'template of ffmpeg': "x:text=%{pts}':fontfile=/etc/passwd,drawtext=",
  'URL of another scheme': 'javascript:alert(1)',
  'file URL': 'file:///etc/passwd',
  'URL inside': 'http://169.254.169.254/latest/meta-data/',
};

/** Changes a document in one way. */
export interface Fault {
  readonly name: string;
  readonly apply: (bytes: Buffer) => Buffer;
}

const onText =
  (change: (text: string) => string) =>
  (bytes: Buffer): Buffer =>
    Buffer.from(change(bytes.toString('utf8')), 'utf8');

/** Places where a value stands: between tags, in quotes, behind `=` or `:`, in a cell. */
const VALUE = /(?<=>)[^<>\n]{1,200}(?=<)|(?<=")[^"\n]{1,200}(?=")|(?<=[=:,;] ?)[\w./-]{1,200}/g;

/** One value of the document replaced. */
const replaceValue = (at: number, value: string) =>
  onText((text) => {
    const places = [...text.matchAll(VALUE)];
    const place = places[Math.floor(at * places.length)];
    if (place === undefined) return text + value;
    return text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
  });

const cut = (at: number, bytes: Buffer): number => Math.floor(at * bytes.length);
const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const nesting = (text: string, open: string, close: string, at: number, depth: number): string => {
  const where = Math.floor(at * text.length);
  return text.slice(0, where) + open.repeat(depth) + close.repeat(depth) + text.slice(where);
};
const ENTITIES = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(50)}"><!ENTITY c "${'&b;'.repeat(50)}"><!ENTITY d "${'&c;'.repeat(50)}"><!ENTITY e SYSTEM "file:///etc/passwd">]>`;

/** Any fault, at any place. `bytes` bounds what is inflated: 10 MB in the proof, less in `npm test`. */
export const anyFault = (size: number): fc.Arbitrary<Fault> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .tuple(fc.constantFrom(...Object.entries(hostileWords)), share)
        .map(([[name, word], at]) => ({ name, apply: replaceValue(at, word) })),
    },
    share.map((at) => ({ name: 'truncated', apply: (bytes: Buffer) => bytes.subarray(0, cut(at, bytes)) })),
    fc.constantFrom('latin1', 'utf16le').map((charset) => ({
      name: `really ${charset}`,
      apply: (bytes: Buffer) => Buffer.from(`é${bytes.toString('utf8')}é`, charset as 'latin1'),
    })),
    fc.tuple(share, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, noise]) => ({
      name: 'noise',
      apply: (bytes: Buffer) =>
        Buffer.concat([
          bytes.subarray(0, cut(at, bytes)),
          Buffer.from(noise),
          bytes.subarray(cut(at, bytes)),
        ]),
    })),
    share.map((at) => ({
      name: 'NUL between',
      apply: (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, cut(at, bytes)), Buffer.alloc(3), bytes.subarray(cut(at, bytes))]),
    })),
    fc
      .tuple(share, fc.constantFrom('x', ' ', '\\', '<', '"', '1', 'é', '\n', '/', '&', '{', '['))
      .map(([at, filler]) => ({
        name: `a field of ${size / 1e6} MB`,
        apply: replaceValue(at, filler.repeat(size)),
      })),
    fc
      .tuple(
        share,
        fc.constantFrom(
          ['<a>', '</a>'],
          ['<g>', '</g>'],
          ['[', ']'],
          ['{"a":', '}'],
          ['(', ')'],
          ['{', '}'],
          ['a {\n', '}\n'],
        ),
        // What a parser still holds may end the stack of the one that walks what it made.
        fc.constantFrom(500, 2000, 5000, 100_000),
      )
      .map(([at, [open = '', close = ''], depth]) => ({
        name: `nested ${depth} deep`,
        apply: onText((text) => nesting(text, open, close, at, Math.min(depth, size / 10))),
      })),
    fc.constant({
      name: 'entity bomb',
      apply: onText((text) =>
        text.replace(/^(<\?xml[^>]*>)?/, `$1${ENTITIES}`).replace(/>([^<>]{2,40})</, '>&d;&e;<'),
      ),
    }),
    fc.tuple(share, share, fc.integer({ min: 2, max: 200 })).map(([from, to, times]) => ({
      name: 'repeated',
      apply: onText((text) => {
        const [a, b] = [from * text.length, to * text.length].sort((x, y) => x - y) as [number, number];
        return text.slice(0, b) + text.slice(a, Math.min(b, a + 2000)).repeat(times) + text.slice(b);
      }),
    })),
    share.map((at) => ({
      name: 'numbers where texts are, texts where numbers are',
      apply: onText((text) => {
        const from = Math.floor(at * text.length);
        return (
          text.slice(0, from) +
          text
            .slice(from)
            .replace(/\b\d+(\.\d+)?\b/, 'seven')
            .replace(/"[^"\n]{1,40}"/, '42')
        );
      }),
    })),
    fc.tuple(share, fc.constantFrom('null', 'true', '[]', '{}', '-0', '1e400', '""')).map(([at, value]) => ({
      name: `JSON ${value}`,
      apply: onText((text) => {
        const places = [...text.matchAll(/(?<=[:[,])\s*("[^"\n]*"|-?[\d.]+|\{\}|\[\])/g)];
        const place = places[Math.floor(at * places.length)];
        return place === undefined
          ? value
          : text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
      }),
    })),
  );
