import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { catalog } from '../../src/cli/kit/catalog.js';
import { words as clusterCommandWords } from '../../src/cli/cluster/words.js';
import { words as doctorWords } from '../../src/cli/doctor/words.js';
import { words as kitWords } from '../../src/cli/kit/words.js';
import { words as liveWords } from '../../src/cli/live/words.js';
import { words as migrateWords } from '../../src/cli/migrate/words.js';
import { words as moodleWords } from '../../src/cli/moodle/words.js';
import { words as recorderWords } from '../../src/cli/recorder/words.js';
import { words as setupWords } from '../../src/cli/setup/words.js';
import { words as siteWords } from '../../src/cli/sites/words.js';
import { words as checkWords } from '../../src/cluster/check/words.js';
import { words as drainWords } from '../../src/cluster/drain/words.js';
import { words as planWords } from '../../src/cluster/plan/words.js';
import { words as queueWords } from '../../src/cluster/queue/words.js';
import { words as clusterWords } from '../../src/cluster/words.js';
import type { Code, Language } from '../../src/kit/errors/code.js';
import { describeCode } from '../../src/kit/errors/describe-code.js';
import { inFrench, knownPhrases } from '../../src/kit/errors/phrases.js';
import { retell } from '../../src/kit/errors/retell.js';
import { showIn } from '../../src/kit/language.js';
import { nameConfiguration } from '../../src/kit/named-configuration.js';
import { definedWords, defineWords } from '../../src/kit/output/define-words.js';
import { displayWidth } from '../../src/kit/output/text.js';
import { outputWords } from '../../src/kit/output/words.js';
import { hanging } from '../../src/kit/output/wrap.js';

const tables = [
  ...[doctorWords, kitWords, migrateWords, moodleWords, recorderWords, setupWords, siteWords],
  ...[clusterCommandWords, clusterWords, checkWords, drainWords, planWords, queueWords, liveWords],
  outputWords,
];
const languages = ['en', 'fr'] as const;
const codes = Object.keys(catalog) as Code[];

afterEach(() => {
  showIn('en');
  nameConfiguration(undefined);
});

/** A space that a line may break at, before a mark that French keeps at its word. */
const LOOSE = / [;!?%](?:\s|$)| :(?:\s|$)|« | »/;
const sourceRoot = path.resolve(import.meta.dirname, '../../src');

describe.each(languages)('every code in %s', (language) => {
  it('keeps within 80 columns as a finding and as a failure, but for words that are longer', () => {
    const wide = codes.filter((code) => {
      const { text, remedy } = describeCode(code, {}, language);
      const shown = [hanging('WARNING  subject  ', text), hanging('         -> ', remedy)].join('\n');
      return shown.split('\n').some((line) => displayWidth(line) > 80 && line.trim().includes(' '));
    });
    expect(wide.filter((code) => !hasLongWord(code, language))).toEqual([]);
  });
});

/** A command's argument, a URL, a statement that is copied as one piece. */
const hasLongWord = (code: Code, language: Language): boolean =>
  Object.values(describeCode(code, {}, language)).some((text) =>
    text.split(/\s/).some((word) => displayWidth(word) > 60),
  );

describe('French', () => {
  it('is said of every code: no text is the English one', () => {
    const same = codes.filter((code) => {
      const { en, fr } = catalog[code];
      return en.text === fr.text && /[a-z]{4,} [a-z]{3,}/.test(en.text);
    });
    expect(same).toEqual([]);
  });

  it('keeps its marks at their words', () => {
    const loose = codes.filter((code) => LOOSE.test(describeCode(code, {}, 'fr').text));
    expect(loose).toEqual([]);
  });

  it('has numbers, quantities and plurals of its own', () => {
    const words = defineWords({
      told: ['{count} {count:film|films}, {size}, {rate}', '{count} {count:film|films} : {size}, {rate}'],
    });
    const said = words.told({ count: 12345, size: '1.5 GB', rate: 2.5 });
    expect(said).toBe('12345 films, 1.5 GB, 2.5');
    showIn('fr');
    expect(words.told({ count: 12345, size: '1.5 GB', rate: 2.5 })).toBe(
      '12\u202f345 films\u00a0: 1,5\u202fGo, 2,5',
    );
    expect(words.told({ count: 0, size: '4 min 05 s', rate: 1 })).toBe(
      '0 film\u00a0: 4\u202fmin\u202f05\u202fs, 1',
    );
  });
});

describe('words', () => {
  it('are those of every room', () => {
    const said = new Set(definedWords().map(({ key }) => key));
    expect(tables.flatMap((table) => Object.keys(table)).filter((key) => !said.has(key))).toEqual([]);
    expect(said.size).toBeGreaterThan(200);
  });

  it('stand in tables: only what is written into a file has both languages where it is made', () => {
    const inPlace = readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/^(?:cluster\/(?:init|render)|kit)\//.test(file))
      .filter((file) => readFileSync(path.join(sourceRoot, file), 'utf8').includes('localized('));
    expect(inPlace).toEqual([]);
  });

  it('name the same things in both languages', () => {
    const names = (text: string): string =>
      [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort().join(' ');
    expect(definedWords().filter(({ word: [en, fr] }) => names(en) !== names(fr))).toEqual([]);
  });

  it.each(languages)('keep within 80 columns in %s, with values of a few characters', (language) => {
    const wide = definedWords().flatMap(({ word, isWrapped }) => {
      if (isWrapped) return [];
      const text = word[language === 'en' ? 0 : 1]
        .replace(/\{\w+:([^{}|]*)\|([^{}]*)\}/g, '$2')
        .replace(/\{(\w+)\}/g, (_, name: string) => (/command|next|page|file|report/.test(name) ? '' : '12'));
      return text.split('\n').filter((line) => displayWidth(line) > 80);
    });
    expect(wide).toEqual([]);
  });
});

describe('phrases', () => {
  it('stand in the source as they are known', () => {
    const source = readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('phrases'))
      .map((file) => readFileSync(path.join(sourceRoot, file), 'utf8'))
      .join('\n')
      .replaceAll('\\`', '`')
      .replaceAll(/\$\{[^{}`]*\}/g, '');
    const ours = knownPhrases().filter(([en]) => !OF_OCLIF.test(en) && !OF_THE_SYSTEM.test(en));
    const unknown = ours.filter(
      ([en]) => !en.split(/\{\w+\}/).every((piece) => source.includes(piece.replace(/(?:\.|: | \()$/, ''))),
    );
    expect(unknown.map(([en]) => en)).toEqual([]);
  });

  it('are read in French where they stand as a detail', () => {
    expect(inFrench('2 of 4 slides missing: 404; webcams: HTML page of 812 B')).toBe(
      '2 sur 4 diapositives manquent\u00a0: 404\u202f; webcams\u00a0: page HTML de 812\u202fo',
    );
    expect(inFrench('unknown key bbb.ulr (did you mean bbb.url?); unknown key x')).toBe(
      'clé inconnue\u00a0: bbb.ulr (vouliez-vous dire bbb.url\u202f?)\u202f; clé inconnue\u00a0: x',
    );
    // A shorter phrase of another table says part of it, too.
    expect(inFrench('--since x: give a day such as 2024-09-01, or an age such as 60d.')).toBe(
      '--since x\u00a0: donnez un jour, par exemple 2024-09-01, ou un âge, par exemple 60d.',
    );
    expect(inFrench("ENOENT: no such file or directory, open '/a/b'")).toBe(
      "ENOENT\u00a0: ce fichier ou répertoire n’existe pas (open '/a/b')",
    );
    expect(inFrench('--max: Expected an integer but received: deux.')).toBe(
      '--max\u00a0: attendu un nombre entier, reçu\u00a0: deux.',
    );
    expect(inFrench('what nobody knows')).toBe('what nobody knows');
    const { text } = describeCode('usage-invalid', { detail: '--max 1 is before --min 2.' }, 'fr');
    expect(text).toBe('Commande mal formée\u00a0: --max 1 est avant --min 2.');
  });

  it('and failures that were noted in English are told again', () => {
    const { text, remedy } = describeCode('disk-full', { path: '/data' }, 'en');
    const noted = { code: 'disk-full', message: text, remedy };
    expect(retell(noted)).toEqual({ text, remedy });
    showIn('fr');
    expect(retell(noted)).toEqual(describeCode('disk-full', { path: '/data' }));
    expect(retell({ ...noted, message: 'of another version' }).text).toBe('of another version');
    // What a unit noted, whose command names its configuration.
    nameConfiguration('/etc/our pod.toml');
    const ofUnit = describeCode('live-start-failed', { id: 'bbb-1', detail: 'refused' }, 'en');
    const told = { code: 'live-start-failed', message: ofUnit.text, remedy: ofUnit.remedy };
    expect(retell(told).remedy).toMatch(/^bbb2pod doctor --config '\/etc\/our pod.toml'\s; le journal/);
    nameConfiguration(undefined);
    expect(retell(told).remedy).toMatch(/^bbb2pod doctor\s; le journal/);
    // A count that stands nowhere as a number.
    for (const names of [['jdupont'], ['jdupont', 'zoe']]) {
      const counted = { names: names.join(', '), count: names.length };
      const { text: message, remedy: advice } = describeCode('owner-unknown', counted, 'en');
      expect(retell({ code: 'owner-unknown', message, remedy: advice }).text).toBe(
        describeCode('owner-unknown', counted).text,
      );
    }
  });
});

/** What oclif 4 says (lib/parser/errors.js). */
const OF_OCLIF = /^(?:Unexpected arg|Nonexistent|Expected|Flag|Missing|All of|--\{flag\}(?:=|: Expected))/;
/** What libuv says of the system's errors. */
const OF_THE_SYSTEM = /^E[A-Z]{2,}: /;
