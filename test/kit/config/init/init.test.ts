import { describe, expect, it } from 'vitest';
import { fillExample } from '../../../../src/kit/config/init/fill-example.js';
import { Expression } from '../../../../src/kit/config/init/literal.js';
import { mapConstants } from '../../../../src/kit/config/init/map-constants.js';
import { mergeImported } from '../../../../src/kit/config/init/merge-imported.js';
import { readEnvConstants, readJsonConstants } from '../../../../src/kit/config/init/read-env.js';
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
          'D = True; N = "n"; ',
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
      D: true,
      E: 1000,
      F: -2.5,
      G: null,
      H: [1, 'x', [2, 'y']],
      I: { a: { b: [true] }, 3: 'z' },
      J: [],
      K: [['x', 'Text']],
      L: 'many\nlines',
      M: 'é',
      N: 'n',
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

  it('does not take for the value what a later line changes', () => {
    const found = python(
      [
        'A = {"x": {"y": "old"}}',
        'A["x"]["y"] = os.environ["Y"]',
        'B = ["a"]',
        'B += ["b"]',
        'C = {}',
        'C.update(x=1)',
        'D = {"x": 1}',
        'print(D["x"] == 1)',
        'E["never"] = 1',
      ].join('\n'),
    );
    for (const name of ['A', 'B', 'C']) expect(found[name]).toBeInstanceOf(Expression);
    expect([found['D'], found['E']]).toEqual([{ x: 1 }, undefined]);
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
    expect(php('<?php const A = \'x\', B = 2; const C = "c";')).toEqual({ A: 'x', B: 2, C: 'c' });
  });
});

describe('mapConstants', () => {
  it('passes over constants that are called as objects of JavaScript have it', () => {
    const { values, notes } = mapConstants(
      new Map([
        ['constructor', 'a'],
        ['toString', 'b'],
      ]),
    );
    expect([values.size, notes]).toEqual([0, []]);
  });

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
    const { values, computed } = mapConstants(
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
    expect([...computed.values()]).toEqual([
      'SECRET_KEY is computed (os.environ["KEY"]): set pod.secret_key yourself',
    ]);
  });
});

describe('what init says of a file', () => {
  it('quotes nothing of an expression but names of variables: it may be the secret', () => {
    const said = (source: string, read = readPythonConstants) => {
      const { computed, notes } = mapConstants(read(source));
      return [...computed.values(), ...notes].join('\n');
    };
    expect(said('SECRET_KEY = os.getenv("POD_KEY", "s3cret")')).toContain('os.getenv("POD_KEY", "…")');
    expect(said("SECRET_KEY = 's3cret' + os.environ['SALT']")).toContain(`"…" + os.environ['SALT']`);
    expect(said('SECRET_KEY = base64.b64decode("s3cret\n')).not.toContain('s3cret');
    expect(
      said('DATABASES = dict(default=dict(PASSWORD="s3cret", ENGINE="django.db.backends.mysql"))'),
    ).not.toContain('s3cret');
    expect(said(`<?php const POD_TOKEN = 's3cret' . "\\x";`, readPhpConstants)).not.toContain('s3cret');
    expect(said("<?php const POD_TOKEN = <<<'X'\ns3cret\nX;", readPhpConstants)).not.toContain('s3cret');
  });

  it("takes what Django's OPTIONS lead elsewhere: a socket, a schema, encryption", () => {
    const taken = (options: string) => {
      const { values } = mapConstants(
        readPythonConstants(
          `DATABASES = {"default": {"ENGINE": "x", "NAME": "pod", "HOST": "", "OPTIONS": ${options}}}`,
        ),
      );
      return ['host', 'schema', 'tls'].map((key) => values.get(`pod.${key}`));
    };
    expect(taken('{"unix_socket": "/run/mysqld.sock", "ssl": {"ca": "/ca.pem"}}')).toEqual([
      ...['/run/mysqld.sock', undefined, 'verify'],
    ]);
    expect(taken('{"options": "-c search_path=pod,public", "sslmode": "require"}')).toEqual([
      ...['localhost', 'pod', 'on'],
    ]);
    expect(taken('{"charset": "utf8mb4"}')).toEqual(['localhost', undefined, undefined]);
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

describe('mergeImported', () => {
  const script = `SCRIPT_BBB_SERVER_URL = "https://old.univ.fr/"\nSCRIPT_BBB_SECRET_KEY = "old"\n`;
  const settings = `BBB_API_URL = "https://bbb.univ.fr/bigbluebutton/api"\nBBB_SECRET_KEY = "x"\nSITE_ID = 2\nDEBUG = True\nDEFAULT_BBB_PATH = "/data/a/"\n`;
  const live = `<?php\nconst BBB_URL = "https://live.univ.fr/bigbluebutton/api/";\nconst BBB_SECRET = "l";\nconst NUMBER_LIVES = 2;\n`;
  const files = {
    'script.py': mapConstants(readPythonConstants(script)),
    'settings_local.py': mapConstants(readPythonConstants(settings)),
    'live.php': mapConstants(readPhpConstants(live)),
  };
  const merge = (...names: (keyof typeof files)[]) =>
    mergeImported(names.map((file) => ({ file, ...files[file] })));

  it('keeps every server, whatever the order', () => {
    const { values, notes } = merge('script.py', 'settings_local.py', 'live.php');
    expect(Object.fromEntries(values)).toEqual({
      'bbb.default.url': 'https://old.univ.fr/bigbluebutton/api',
      'bbb.default.secret': 'old',
      'bbb.pod.url': 'https://bbb.univ.fr/bigbluebutton/api',
      'bbb.pod.secret': 'x',
      'bbb.live.url': 'https://live.univ.fr/bigbluebutton/api',
      'bbb.live.secret': 'l',
      'pod.site_id': 2,
      'live.recordings_path': '/data/a/',
      'live.lives': 2,
      'live.bbb': 'live',
    });
    expect(notes).toEqual([]);
    expect(merge('live.php', 'settings_local.py', 'script.py')).toEqual({ values, notes });
  });

  it('is one section where two files name one server, and says where they differ', () => {
    const other = mapConstants(
      readPhpConstants(
        '<?php const BBB_URL = "https://OLD.univ.fr"; const BBB_SECRET = "new"; const POD_DEFAULT_BBB_PATH = "/data/b";',
      ),
    );
    const { values, notes } = mergeImported([
      { file: 'live.php', ...other },
      { file: 'script.py', ...files['script.py'] },
      { file: 'settings_local.py', ...files['settings_local.py'] },
    ]);
    expect([...values.keys()].filter((key) => /^bbb\..*url$/.test(key))).toEqual([
      'bbb.default.url',
      'bbb.pod.url',
    ]);
    expect(values.get('live.bbb')).toBe('default');
    expect(notes).toEqual([
      'live.recordings_path differs between settings_local.py ("/data/a/") and live.php ("/data/b"): the first was taken, look which is right',
      'bbb.default.secret differs between script.py and live.php: the first was taken, look which is right',
    ]);
  });

  it('does not ask for what another file gives', () => {
    const computed = mapConstants(
      readPythonConstants('SCRIPT_BBB_SERVER_URL = os.environ["U"]\nSCRIPT_ADMIN_ID = 3'),
    );
    const one = mergeImported([{ file: 'a.py', ...computed }]);
    expect(one.notes).toEqual([
      'SCRIPT_BBB_SERVER_URL is computed (os.environ["U"]): set bbb.default.url yourself',
    ]);
    expect(
      mergeImported([
        { file: 'a.py', ...computed },
        { file: 'b.py', ...files['script.py'] },
      ]).notes,
    ).toEqual([]);
  });

  it('leaves [bbb] to be written where only other servers are named', () => {
    const { values } = merge('settings_local.py');
    const { text, unknown } = fillExample('[bbb]\nurl = "x"\n\n[pod]\n# site_id = 1\n', values);
    expect(text).toContain('# [bbb]\n# url = "x"\n');
    expect(text).toContain('[bbb.pod]\nurl = "https://bbb.univ.fr/bigbluebutton/api"\nsecret = "x"\n');
    expect(unknown).toEqual(['live.recordings_path']);
  });

  it('takes what a runner of esup-runner says of its manager, and a port beside its own', () => {
    // runner/.env.example of esup-runner 1.7.1
    const env = (token: string, host: string) =>
      mapConstants(
        readEnvConstants(
          [
            `RUNNER_HOST=${host}`,
            'RUNNER_BASE_PORT=8082',
            'RUNNER_TASK_TYPES=[2x(encoding,studio),1x(transcription)]',
            `RUNNER_TOKEN=${token}`,
            'MANAGER_URL=https://manager.univ.fr:8081/',
            'STORAGE_DIR=/srv/esup-runner',
          ].join('\n'),
        ),
      );
    const { kind, values } = env('a3c9b7e2', 'encode1.univ.fr');
    expect([kind, Object.fromEntries(values)]).toEqual([
      'runner',
      {
        'recorder.manager': 'https://manager.univ.fr:8081',
        'recorder.manager_token': 'a3c9b7e2',
        'recorder.runner_url': 'http://encode1.univ.fr:8092',
      },
    ]);
    // As it is delivered: nobody's token, and no name yet.
    expect(Object.fromEntries(env('CHANGE_ME', '').values)).toEqual({
      'recorder.manager': 'https://manager.univ.fr:8081',
    });
  });

  it('reads the config.json and the .env of bbb-recorder alike', () => {
    const json = readJsonConstants(
      '{"rtmpUrl": "rtmp://l/app/", "ffmpegServer": "ws://localhost", "ffmpegServerPort": 4000, "auth": "mZ", "copyToPath": "/data/media/"}',
    );
    const env = readEnvConstants(
      'rtmpUrl = rtmp://l/app/\nffmpegServer="ws://localhost"\nffmpegServerPort=4000\nauth=\'mZ\'\ncopyToPath="/data/media/"\n',
    );
    for (const constants of [json, env])
      expect(Object.fromEntries(mapConstants(constants).values)).toEqual({
        'live.rtmp_url': 'rtmp://l/app/',
        'recorder.output': '/data/media/',
      });
  });
});
