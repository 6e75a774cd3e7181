import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/cli/kit/catalog.js';
import { loadInventory } from '../../src/cluster/inventory/load.js';
import { loadConfiguration } from '../../src/kit/config/load.js';
import { commandLinesIn, faultOf, isBareCommand, isKnownFlag } from '../support/docs/command-lines.js';
import { filesLike, pages, root } from '../support/docs/pages.js';

/* What the pages tell people to type, open and set exists: nothing here is written twice, all of it is read. */
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

describe('command lines quoted', () => {
  it('are seen where they stand, and faults in them are', () => {
    expect(commandLinesIn('0 2 * * *  bbb2pod  bbb2pod migrate status --json > x  # nightly')).toEqual([
      'migrate status --json',
    ]);
    expect(commandLinesIn('systemd-run --unit=x \\\n  bbb2pod live run --watch')).toEqual([
      'live run --watch',
    ]);
    expect(faultOf('migrate recordings --min 1 --no-such')).toBe('migrate:recordings has no --no-such');
    expect(faultOf('migrate record')).toBe('no command migrate record');
    expect(faultOf('completion csh tcsh')).toBe('completion takes 1 words, not 2');
    expect(faultOf('doctor --log-level loud')).toBe('--log-level knows no loud');
  });

  it.each(pages.map(({ name }) => name))('in %s are understood by this program', (name) => {
    const page = pages.find((one) => one.name === name);
    const blocks = (page?.blocks ?? []).flatMap(({ text }) => commandLinesIn(text));
    const spans = (page?.spans ?? []).flatMap((code) =>
      isBareCommand(code) ? [code] : commandLinesIn(code),
    );
    const wrong = [...blocks, ...spans].flatMap((line) => {
      const fault = faultOf(line);
      return fault === null ? [] : [`${line}: ${fault}`];
    });
    expect(wrong).toEqual([]);
  });

  it('in remedies and texts of every code, in both languages, too', () => {
    const texts = Object.entries(catalog).flatMap(([code, { en, fr }]) =>
      [en.text, en.remedy, fr.text, fr.remedy].map((text) => [code, text] as const),
    );
    const wrong = texts.flatMap(([code, text]) =>
      commandLinesIn(text).flatMap((line) => {
        const fault = faultOf(line, { inProse: true });
        return fault === null ? [] : [`${code}: ${line}: ${fault}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('in remedies name flags that exist', () => {
    /** Those of other programs that a remedy tells to start. */
    const foreign =
      /bbb-conf|bbb-record|mysql_collation|headless|reference|bigkeys|prefetch|systemctl|journalctl|certbot|apt-get|usermod|setfacl|--no-install|--expand|--help|bbb2pod --version|setup --test/;
    const wrong = Object.entries(catalog).flatMap(([code, { en, fr }]) =>
      [en.remedy, fr.remedy]
        .filter((remedy) => !foreign.test(remedy))
        .flatMap((remedy) => remedy.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? [])
        .filter((flag) => !isKnownFlag(flag))
        .map((flag) => `${code}: ${flag}`),
    );
    expect(wrong).toEqual([]);
  });

  it('in units, cron lines and comments of config/ too', () => {
    const files = ['config', 'config/systemd', 'config/debian'].flatMap((directory) =>
      readdirSync(path.join(root, directory), { withFileTypes: true }).filter((entry) => entry.isFile()),
    );
    const wrong = files.flatMap((entry) =>
      commandLinesIn(
        readFileSync(path.join(entry.parentPath, entry.name), 'utf8').replaceAll('/usr/bin/', ''),
      )
        .filter((line) => !/^(bbb2pod|\$)/.test(line))
        .flatMap((line) => {
          const fault = faultOf(line, { inProse: true });
          return fault === null ? [] : [`${entry.name}: ${line}: ${fault}`];
        }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('what pages name', () => {
  const each = pages.filter(({ name }) => !/codes|cluster-checks/.test(name));

  it('flags exist', () => {
    /** Those of other programs. */
    const foreign = [
      '--max-semi-space-size',
      '--in-process-gpu',
      '--collect',
      '--http-01-port',
      '--no-install-recommends',
      '--help',
      '--',
    ];
    // docs/scale.md quotes flags of a proof.
    const flags = each
      .filter(({ name }) => name !== 'docs/scale.md')
      .flatMap(({ name, spans }) =>
        spans
          .filter((code) => code.startsWith('--'))
          .map((code) => [name, code.split(/[ =]/)[0] ?? ''] as const),
      );
    expect(flags.length).toBeGreaterThan(30);
    expect(flags.filter(([, flag]) => !isKnownFlag(flag) && !foreign.includes(flag))).toEqual([]);
  });

  it('files and folders of this repository exist', () => {
    const named = pages.flatMap(({ name, spans }) =>
      spans
        .filter((code) => /^(?:src|test|bin|config|docs|fixtures|commands)\/[\w./*-]+$/.test(code))
        .map((code) => [name, code] as const),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(([, file]) => filesLike(file).length === 0)).toEqual([]);
  });

  it('npm scripts exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script = '']) => [name, script] as const),
    );
    expect(named.filter(([, script]) => !(script in scripts))).toEqual([]);
  });

  it('links lead to a file, and to a heading of it', () => {
    const slug = (heading: string): string =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-');
    const broken = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)].flatMap(
        ([whole, file = '', anchor]) => {
          const target = file === '' ? name : path.join(path.dirname(name), file);
          if (!existsSync(path.join(root, target))) return [`${name}: ${whole}`];
          if (anchor === undefined) return [];
          const headings = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slug(heading));
          return headings.includes(anchor) ? [] : [`${name}: ${whole}`];
        },
      ),
    );
    expect(broken).toEqual([]);
  });

  it('pages and headings that comments of the code name exist', () => {
    const named = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [
          ...read(`src/${file}`)
            .replaceAll(/\n\s*(?:\*|\/\/)? ?/g, ' ')
            .matchAll(/(?<![\w/])docs\/((?:domain\/)?[\w-]+\.md)(?:, "([^"]+)")?/g),
        ].map(([, page = '', heading]) => ({ file, page, heading })),
      );
    expect(named.filter(({ heading }) => heading !== undefined).length).toBeGreaterThan(5);
    const wrong = named.filter(
      ({ page, heading }) =>
        !existsSync(path.join(root, 'docs', page)) ||
        (heading !== undefined && !read(`docs/${page}`).split('\n').includes(`## ${heading}`)),
    );
    expect(wrong).toEqual([]);
  });

  it('keys of the configuration exist', () => {
    const known = exampleKeys('config/bbb2pod.example.toml');
    const wrong = each.flatMap(({ name, spans }) =>
      spans.flatMap((code) => {
        const [, section = '', keys = ''] =
          /^\[(\w+)(?:\.[^\]]+)?] ([a-z_0-9]+(?:, [a-z_0-9]+)*)/.exec(code) ?? [];
        if (section === '' || !known.has(section)) return [];
        return keys
          .split(', ')
          .filter(
            (key) =>
              known.get(section)?.has(key.replace(/_file$/, '')) !== true &&
              known.get(section)?.has(key) !== true,
          )
          .map((key) => `${name}: [${section}] ${key}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('pieces of bbb2pod.toml load, and those of an inventory', () => {
    const failures = each.flatMap(({ name, blocks }) =>
      blocks
        .filter(({ language }) => language === 'toml')
        // `# or` separates two ways to say the same in one section.
        .flatMap(({ text }) =>
          text.split(/^# or$/m).map((part, i) => (i === 0 ? part : `${text.split('\n')[0] ?? ''}\n${part}`)),
        )
        .flatMap((text) => {
          try {
            const readSecretFile = (): string => 'x://y';
            if (/^\[(?:streaming|jitsi|encoding|esup_runner)[\].]/m.test(text))
              loadInventory({ path: name, text }, readSecretFile);
            else loadConfiguration({ file: { path: name, text }, environment: {}, readSecretFile });
            return [];
          } catch (error) {
            return [`${name}: ${String(error)}`];
          }
        }),
    );
    expect(failures).toEqual([]);
  });
});

/** Keys by section, set or commented. */
function exampleKeys(file: string): Map<string, Set<string>> {
  const sections = new Map<string, Set<string>>();
  let section = '';
  for (const line of read(file).split('\n')) {
    const header = /^(?:# )?\[([a-z_]+)(?:\.[^\]]+)?\]\s*$/.exec(line)?.[1];
    const key = /^(?:# )?([a-z_0-9]+) = /.exec(line)?.[1];
    if (header !== undefined) section = header;
    else if (key !== undefined) sections.set(section, (sections.get(section) ?? new Set()).add(key));
  }
  return sections;
}
