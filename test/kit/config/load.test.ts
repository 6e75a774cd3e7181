import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/kit/errors/operator-error.js';
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

  it('names the nearest key of an unknown one', () => {
    expect(detailOf('[bbb]\nsecrett="x"\n')).toContain('did you mean secret?');
    expect(detailOf('[podd]\n')).toContain('did you mean pod?');
    expect(detailOf('[moodle.moodle.univ.example]\ndatabase="x"\n')).toContain(
      'unknown key moodle.moodle.univ (did you mean [moodle."moodle.univ.example"]?)',
    );
    expect(detailOf('[moodle.moodle]\nzzzzz="x"\n')).toMatch(/unknown key moodle\.moodle\.zzzzz$/);
  });

  it('gives line and column of broken TOML', () => {
    expect(detailOf('[bbb\nurl=1')).toMatch(/bbb2pod\.toml:\d+:\d+/);
  });
});
