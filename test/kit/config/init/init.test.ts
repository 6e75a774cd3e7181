import { describe, expect, it } from 'vitest';
import { fillExample } from '../../../../src/kit/config/init/fill-example.js';
import { Expression } from '../../../../src/kit/config/init/literal.js';
import { mapConstants } from '../../../../src/kit/config/init/map-constants.js';
import { readPhpConstants } from '../../../../src/kit/config/init/read-php.js';
import { readPythonConstants } from '../../../../src/kit/config/init/read-python.js';

const python = (source: string) => Object.fromEntries(readPythonConstants(source));
const php = (source: string) => Object.fromEntries(readPhpConstants(source));

describe('readPythonConstants', () => {
  it('reads what is written out', () => {
    expect(
      python(
        [
          '"""A module\nA = 0 inside its text"""',
          'import os',
          "A = 'l\\'été'  # comment = 3",
          'B = r"C:\\new"',
          'C = ("one "\n     "two")',
          'D = True; ',
          'E: int = 1_000',
          'F = -2.5',
          'G = None',
          "H = [1, 'x', # why\n  (2, 'y'),]",
          "I = {'a': {'b': [True]}, 3: \"z\",}",
          'J = ()',
          "K = (\n  ('x', _('Text')),\n)",
          'L = """many\nlines"""',
          "M = 'é'",
        ].join('\n'),
      ),
    ).toEqual({
      A: "l'été",
      B: 'C:\\new',
      C: 'one two',
      D: new Expression('True;'),
      E: 1000,
      F: -2.5,
      G: null,
      H: [1, 'x', [2, 'y']],
      I: { a: { b: [true] }, 3: 'z' },
      J: [],
      K: [['x', 'Text']],
      L: 'many\nlines',
      M: 'é',
    });
  });

  it('never guesses at what would have to be run, and goes on behind it', () => {
    const found = python(
      [
        'A = os.path.join(BASE, "x = 1")',
        'B = getattr(settings, "B", 3)',
        'C = f"{A}"',
        'D = 1 + 1',
        'E = {"key": os.environ["X"], "other": 2}',
        'if DEBUG:',
        '    F = 1',
        'def g():',
        '    G = "#"',
        'H == 3',
        'I = "after"',
        'I = "last"',
      ].join('\n'),
    );
    for (const name of ['A', 'B', 'C', 'D']) expect(found[name]).toBeInstanceOf(Expression);
    expect(found['E']).toMatchObject({ key: new Expression('os.environ["X"]'), other: 2 });
    expect(Object.keys(found).sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'I']);
    expect(found['I']).toBe('last');
  });

  it.each(["A = 'open", 'A = [1,', 'A = {', 'A = (', 'A =', 'A = """x', '\\', ')]}', "'"])(
    'survives %j',
    (source) => {
      expect(() => readPythonConstants(`${source}\nB = 1`)).not.toThrow();
    },
  );
});

describe('readPhpConstants', () => {
  it('reads defines, constants, variables and arrays, and no comment', () => {
    expect(
      php(
        `<?php
// define("A", 1);
/* const B = 2; */
define("NUMBER_LIVES", 3);
define('BBB_SECRET', 'it\\'s');
const BBB_URL = "https://bbb/\\$x"; # hash
const DEBUG = true;
$list = array('a' => 1, 'b' => [1, 2]);
define("PATH", ROOT . "x");
$interpolated = "a $b";
if ($x == 3) { $y = 'in'; }
`,
      ),
    ).toEqual({
      NUMBER_LIVES: 3,
      BBB_SECRET: "it's",
      BBB_URL: 'https://bbb/$x',
      DEBUG: true,
      list: { a: 1, b: [1, 2] },
      PATH: new Expression('ROOT . "x")'),
      interpolated: new Expression('"a $b"'),
      y: 'in',
    });
  });
});

describe('mapConstants', () => {
  it('takes the constants of migrate_bbb_recordings.py, with one Moodle or several', () => {
    const { values, notes } = mapConstants(
      readPythonConstants(`
SCRIPT_BBB_SERVER_URL = "https://bbb.univ.fr/"
SCRIPT_BBB_SECRET_KEY = "s3cret"
SCRIPT_PLAYBACK_URL_23 = True
SCRIPT_ADMIN_ID = 7
MOODLE_DB_TYPE = "mysql"
DB_PARAMS = {
  "default": {"host": "db1", "database": "moodle", "user": "m", "password": "", "port": "3307", "connect_timeout": "10"},
  "moodle2.univ.fr": {"host": "db2", "database": "m2", "user": "m", "password": "x", "port": None},
}
IGNORED_SERVERS = ["a.fr", "b.fr"]
SCRIPT_INFORM = "<p>x</p>"
`),
    );
    expect(Object.fromEntries(values)).toEqual({
      'bbb.default.url': 'https://bbb.univ.fr/bigbluebutton/api',
      'bbb.default.secret': 's3cret',
      'bbb.default.playback_23': true,
      'pod.admin_id': 7,
      'moodle.default.host': 'db1',
      'moodle.default.port': 3307,
      'moodle.default.name': 'moodle',
      'moodle.default.user': 'm',
      'moodle.default.connect_timeout': 10,
      'moodle.default.engine': 'mariadb',
      'moodle.moodle2.univ.fr.host': 'db2',
      'moodle.moodle2.univ.fr.name': 'm2',
      'moodle.moodle2.univ.fr.user': 'm',
      'moodle.moodle2.univ.fr.password': 'x',
      'moodle.moodle2.univ.fr.engine': 'mariadb',
      'migrate.ignored_servers': ['a.fr', 'b.fr'],
    });
    expect(notes.join()).toContain('SCRIPT_INFORM');
    expect(
      mapConstants(
        readPythonConstants("DB_PARAMS = {'host': 'h', 'database': 'moodle', 'user': 'u'}"),
      ).values.get('moodle.default.engine'),
    ).toBe('postgresql');
  });

  it('takes the settings of Pod, and says what is computed', () => {
    const { values, notes } = mapConstants(
      readPythonConstants(`
SECRET_KEY = os.environ["KEY"]
DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "NAME": "pod", "USER": "pod", "PASSWORD": "p@s:s", "HOST": "", "PORT": ""}}
USE_SHIB = True
ESTABLISHMENTS = (("Etab_2", "Two"), ("Etab_1", "One"))
`),
    );
    expect(Object.fromEntries(values)).toEqual({
      'pod.engine': 'mariadb',
      'pod.host': 'localhost',
      'pod.name': 'pod',
      'pod.user': 'pod',
      'pod.password': 'p@s:s',
      'pod.auth_type': 'Shibboleth',
      'pod.establishment': 'Etab_2',
    });
    expect(notes).toEqual(['SECRET_KEY is computed (os.environ["KEY"]): set pod.secret_key yourself']);
  });
});

describe('fillExample', () => {
  const example =
    '# a note\n[bbb]\nurl = "x"\nsecret_file = "/f"\n# secret = "…"\n\n# [moodle.default]\n# host = "h"\n# database_file = "/d"\n';

  it('sets values in their places and comments out what would contradict them', () => {
    const { text, unknown } = fillExample(
      example,
      new Map<string, string>([
        ['bbb.default.secret', 'a "b"'],
        ['moodle.default.host', 'db'],
        ['moodle.m2.univ.fr.host', 'db2'],
        ['live.other', 'x'],
      ]),
    );
    expect(text).toBe(
      '# a note\n[bbb]\nurl = "x"\n# secret_file = "/f"\nsecret = "a \\"b\\""\n\n[moodle.default]\nhost = "db"\n# database_file = "/d"\n\n' +
        '[moodle."m2.univ.fr"]\nhost = "db2"\n',
    );
    expect(unknown).toEqual(['live.other']);
  });
});
