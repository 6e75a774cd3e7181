import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/kit/errors/operator-error.js';
import { inFrench } from '../../../src/kit/errors/phrases.js';
import { loadConfiguration } from '../../../src/kit/config/load.js';

const load = (text: string, environment: Record<string, string> = {}, files: Record<string, string> = {}) =>
  loadConfiguration({
    file: { path: '/etc/bbb2pod/bbb2pod.toml', text },
    environment,
    readSecretFile: (file) => {
      const content = files[file];
      if (content === undefined) throw new Error('ENOENT');
      return content;
    },
  });

const detailOf = (text: string): string => {
  try {
    load(text);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
  }
  throw new Error('accepted');
};

describe('configuration', () => {
  it('gathers the unnamed server as default, beside named ones', () => {
    const { configuration } = load('[bbb]\nurl="https://a.fr"\n[bbb.old]\nurl="https://b.fr"\n');
    expect(Object.keys(configuration.bbb)).toEqual(['old', 'default']);
    expect(configuration.bbb['default']?.url).toBe('https://a.fr');
  });

  it('lets the environment win over the file, and says so', () => {
    const { configuration, origins } = load('[pod]\nsite_id = 1\n', {
      BBB2POD_POD_SITE_ID: '3',
      BBB2POD_BBB_URL: 'https://c.fr',
    });
    expect(configuration.pod.site_id).toBe(3);
    expect(configuration.bbb['default']?.url).toBe('https://c.fr');
    expect(origins.get('pod.site_id')).toBe('BBB2POD_POD_SITE_ID');
  });

  it('reads a secret from its file and never shows it', () => {
    const { configuration } = load('[bbb]\nsecret_file="/s"\n', {}, { '/s': 'abc\n' });
    expect(configuration.bbb['default']?.secret?.reveal()).toBe('abc');
    expect(JSON.stringify(configuration)).not.toContain('abc');
  });

  it('lets named Moodles inherit the prefix and the scope of the default one', () => {
    const { configuration } = load('[moodle.default]\nprefix="m_"\n[moodle."moodle2.univ.fr"]\nhost="db"\n');
    expect(configuration.moodle['moodle2.univ.fr']?.prefix).toBe('m_');
  });

  it('lets a named Moodle without a database use the one of default, whole or not at all', () => {
    const other = (keys: string, environment = {}) =>
      load(
        `[moodle.default]\ndatabase_file="/d"\nannotate_database="w"\ntls="on"\n[moodle."m2"]\n${keys}\n`,
        environment,
        { '/d': 'postgresql://a/b', '/e': 'postgresql://c/d' },
      ).configuration.moodle['m2'];
    const shown = (keys: string, environment = {}) => {
      const { database, annotate_database: writer, tls } = other(keys, environment) ?? {};
      return [database?.reveal(), writer?.reveal(), tls];
    };
    expect(shown('site_id=2')).toEqual(['postgresql://a/b', 'w', 'on']);
    expect(shown('schema="m2"')).toEqual(['postgresql://a/b', 'w', 'on']);
    expect(shown('site_id=2', { BBB2POD_MOODLE_DATABASE: 'mysql://e/f' })[0]).toBe('mysql://e/f');
    expect(shown('database_file="/e"')).toEqual(['postgresql://c/d', undefined, 'off']);
    // What is written must stand where it was read.
    expect(shown('annotate_database="x"')).toEqual([undefined, 'x', 'off']);
    expect(shown('host="db"')).toEqual([undefined, undefined, 'off']);
  });

  it('names the nearest key of an unknown one', () => {
    expect(detailOf('[bbb]\nsecrett="x"\n')).toContain('did you mean secret?');
    expect(detailOf('[podd]\n')).toContain('did you mean pod?');
    expect(detailOf('[moodle.moodle.univ.example]\ndatabase="x"\n')).toContain(
      'unknown key moodle.moodle.univ (did you mean [moodle."moodle.univ.example"]?)',
    );
    expect(detailOf('[pod]\nowners_file = "x"\n')).toContain(
      'unknown key pod.owners_file (did you mean [migrate] owners_file?)',
    );
    expect(detailOf('[moodle.moodle]\nzzzzz="x"\n')).toMatch(/unknown key moodle\.moodle\.zzzzz$/);
  });

  it('gives line and column of broken TOML', () => {
    expect(detailOf('[bbb\nurl=1')).toMatch(/bbb2pod\.toml:\d+:\d+/);
  });

  it('gives the line of each slip, under the name that stands there', () => {
    const text = '[bbb]\r\nurl = "https://a.fr"\r\nsecrett = "x"\r\n\r\n[pod]\r\nsite_id = "one"\r\n';
    const detail = detailOf(text);
    expect(detail).toContain('bbb2pod.toml:3: unknown key bbb.secrett (did you mean secret?)');
    expect(detail).toContain('line 6: the value of pod.site_id must be a number');
    expect(detailOf('[moodle.default]\nprefics = "x"\n')).toContain(
      'toml:2: unknown key moodle.default.prefics',
    );
    expect(detailOf('[moodle.default]\nprefix = ""\n[moodle.moodle2.univ.fr]\ndatabase = "x"\n')).toContain(
      'toml:3: unknown key moodle.moodle2.univ',
    );
    expect(detailOf('[moodle."m.fr"]\nprefics = "x"\n')).toContain('toml:2: unknown key moodle.m.fr.prefics');
    expect(detailOf('[bbb]\nurl = "bbb.univ.fr"\nshared = "yes"\n')).toContain(
      'toml:2: the value of bbb.url must be a URL such as https://HOST; line 3: the value of bbb.shared must be true or false',
    );
  });

  it('names the variable whose value is refused, not the file', () => {
    expect(() => load('[pod]\nsite_id = 1\n', { BBB2POD_POD_SITE_ID: 'one' })).toThrow(
      'in BBB2POD_POD_SITE_ID: the value of pod.site_id must be a number',
    );
  });

  it.each([
    ['curly quotes', 'to = “a@univ.fr”', 'a quotation mark that TOML does not know'],
    ['a no-break space', 'to\u00a0= "a@univ.fr"', 'an invisible character'],
    ['no quotes', 'to = a@univ.fr', 'a text stands between double quotes, as in to = "…"'],
    ['a number and more', 'size = 1280x720', 'as in size = "…"'],
    ['a backslash', 'password = "a\\pb"', 'is written twice'],
    ['an open quote', 'to = "a@univ.fr', 'the quotation mark that ends the text is missing'],
    ['the same key again', 'to = "a"\nto = "b"', 'there a second time'],
    ['the same section again', 'to = "a"\n[mail]\n', 'there a second time'],
    ['a line of prose', 'les courriers', 'neither a [section] nor key = value'],
    ['Latin-1', 'to = "a\uFFFD@univ.fr"', 'toml:3: the value of mail.to is not in UTF-8'],
    ['UTF-16', 't\0o\0', 'it is not in UTF-8'],
  ])('says what to change of %s', (_, line, said) => {
    const detail = detailOf(`# a comment\n[mail]\n${line}\n`);
    expect(detail).toContain(said);
    expect(detail).toMatch(/bbb2pod\.toml:[1-4]/);
    expect(inFrench(detail.replace(/^[^:]*:[\d:]*: /, ''))).not.toBe(detail.replace(/^[^:]*:[\d:]*: /, ''));
  });

  it('reads what Windows wrote: its line ends, its mark at the beginning, tabs', () => {
    const { configuration } = load('\uFEFF[mail]\r\n\tto\t=\t"a@univ.fr"\t# à moi \uFFFD\r\n');
    expect(configuration.mail.to).toBe('a@univ.fr');
    const files = { '/s': '\uFEFFabc\r\n' };
    expect(load('[bbb]\nsecret_file="/s"\n', {}, files).configuration.bbb['default']?.secret?.reveal()).toBe(
      'abc',
    );
    expect(() => load('[bbb]\nsecret_file="/s"\n', {}, { '/s': 'mot d\uFFFD' })).toThrow('not in UTF-8');
  });
});
