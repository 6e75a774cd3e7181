// The manual page, from the manifest (oclif.manifest.json) and the exit statuses of docs/operations.md:
// `node bin/package/man-page.js > bbb2pod.1`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** Text as roff: backslashes and hyphens are themselves, and no line begins a request. */
const roff = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('…', '...')
    .replace(/^([.])/gm, '\\&$1');

const bold = (text) => `\\fB${roff(text)}\\fR`;
const italic = (text) => `\\fI${roff(text)}\\fR`;

/** @param date day of the page, `2026-11-21` */
export function renderManPage({ date }) {
  const { version, description } = JSON.parse(read('package.json'));
  const { commands } = JSON.parse(read('oclif.manifest.json'));
  const shown = Object.values(commands)
    .filter(({ hidden }) => !hidden)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const global = shown.flatMap(({ flags }) => Object.values(flags)).filter(isGlobal);
  return `${[
    `.TH BBB2POD 1 "${date}" "bbb2pod ${version}" "User Commands"`,
    '.SH NAME',
    `bbb2pod \\- ${roff(description.replace(/^./, (c) => c.toLowerCase()))}`,
    '.SH SYNOPSIS',
    `.B bbb2pod\n.I COMMAND\n.RI [ FLAGS ]`,
    '.SH DESCRIPTION',
    'Every command prints its result on standard output and talks on standard error.',
    `${bold('bbb2pod COMMAND --help')} says the same as this page.`,
    '.SH COMMANDS',
    ...shown.map((command) => renderCommand(command)),
    '.SH GLOBAL FLAGS',
    ...unique(global).map(renderFlag),
    '.SH EXIT STATUS',
    ...exitStatuses(),
    '.SH FILES',
    '.TP\n.I ./bbb2pod.toml, /etc/bbb2pod/bbb2pod.toml\nThe configuration; every key is explained in bbb2pod.example.toml.',
    '.TP\n.I /etc/bbb2pod/cluster.toml\nThe inventory of the clusters.',
    '.TP\n.I /var/lib/bbb2pod\nJournal, locks and caches (state_dir).',
    '.SH ENVIRONMENT',
    '.TP\n.B BBB2POD_SECTION_KEY\nStands for a key of an unnamed section: BBB2POD_BBB_URL for [bbb] url.',
    '.TP\n.B HTTPS_PROXY, NO_PROXY\nHonoured by every connection.',
    '.SH SEE ALSO',
    `The pages in ${italic('/usr/share/doc/bbb2pod')}: operations.md, codes.md, fr/guide.md.`,
  ].join('\n')}\n`;
}

const isGlobal = ({ helpGroup }) => helpGroup === 'GLOBAL';
const unique = (flags) => [...new Map(flags.map((flag) => [flag.name, flag])).values()];

function renderCommand({ id, summary, description, args, flags, examples }) {
  const words = Object.values(args).map(({ name, required }) =>
    required ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  );
  const own = Object.values(flags).filter((flag) => !flag.hidden && !isGlobal(flag));
  const text = [summary, description].filter((part) => part !== undefined).join('\n\n');
  return [
    `.SS ${bold(`bbb2pod ${id.replaceAll(':', ' ')}`)} ${italic(words.join(' '))}`.trimEnd(),
    roff(text)
      .split(/\n{2,}/)
      .join('\n.PP\n'),
    ...own.map(renderFlag),
    ...(examples ?? []).map((example) => renderExample(example).replaceAll('<%= config.bin %>', 'bbb2pod')),
  ].join('\n');
}

function renderExample(example) {
  const { command, description = '' } = typeof example === 'string' ? { command: example } : example;
  return `.PP\n${roff(description)}\n.nf\n${roff(command)}\n.fi`.replace('\n\n', '\n');
}

function renderFlag({ char, name, type, helpValue, options, description, default: byDefault }) {
  const value = options?.join('|') ?? (Array.isArray(helpValue) ? helpValue[0] : helpValue) ?? 'VALUE';
  const names = [...(char === undefined ? [] : [bold(`-${char}`)]), bold(`--${name}`)].join(', ');
  const given = type === 'option' ? ` ${italic(value)}` : '';
  const known =
    byDefault === undefined || byDefault === false || byDefault === true
      ? ''
      : ` (default: ${roff(String(byDefault))})`;
  return `.TP\n${names}${given}\n${roff(description ?? '')}${known}`;
}

/** The table of docs/operations.md. */
function exitStatuses() {
  const [, table = ''] = /## Exit statuses\n\n((?:\|.*\n)+)/.exec(read('docs/operations.md')) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, status, means]) => `.TP\n.B ${roff(status)}\n${roff(means)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '-').href)
  process.stdout.write(renderManPage({ date: new Date().toISOString().slice(0, 10) }));
