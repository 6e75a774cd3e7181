import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeResult } from '../../../src/kit/checks/check-result.js';
import { lintHaproxy } from '../../../src/cluster/lint/lint-haproxy.js';
import { lintJitsi } from '../../../src/cluster/lint/lint-jitsi.js';
import { lintNginx } from '../../../src/cluster/lint/lint-nginx.js';
import { lintSettings } from '../../../src/cluster/lint/lint-settings.js';
import { fixDiffs, renderLint } from '../../../src/cluster/lint/render-lint.js';
import type { LintFile, LintResult, LintTree } from '../../../src/cluster/lint/lint-file.js';
import { lintJicofoLog, readJicofoLog } from '../../../src/cluster/lint/read-jicofo-log.js';
import { readPythonConstants } from '../../../src/kit/config/init/read-python.js';

const FIXTURES = path.resolve('fixtures/cluster');
const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

function readTree(node: string, directory: string): LintTree {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({
      path: `${node}/${path.relative(directory, file)}`,
      text: readFileSync(file, 'utf8'),
      mode: 0o640,
    }));
  return { node, files };
}

const generation = (name: 'legacy' | 'modern'): LintTree[] =>
  ['jms', 'jvb1', 'jvb2'].map((node) => readTree(node, path.join(FIXTURES, name, node)));

/** A tree with one file changed. */
function changed(
  name: 'legacy' | 'modern',
  node: string,
  file: string,
  change: (text: string) => string,
): LintTree[] {
  return generation(name).map((tree) =>
    tree.node !== node
      ? tree
      : {
          node,
          files: tree.files.map((one) => {
            if (!one.path.endsWith(file)) return one;
            const text = change(one.text);
            expect(text, 'the fault changes the file').not.toBe(one.text);
            return { ...one, text };
          }),
        },
  );
}

const file = (name: string): LintFile => ({
  path: name,
  text: readFileSync(path.join(FIXTURES, name), 'utf8'),
  mode: 0o640,
});

const bad = (results: readonly LintResult[]): string[] =>
  results.filter(({ status }) => status !== 'ok').map(({ code }) => code);

const PROPERTIES = 'sip-communicator.properties';
const SHARD = 'org.jitsi.videobridge.xmpp.user.shard.';

describe('sound trees and files', () => {
  it.each(['legacy', 'modern'] as const)('finds nothing wrong in the %s generation', (name) => {
    expect(bad(lintJitsi(generation(name), hash))).toEqual([]);
  });
  it('finds nothing wrong in haproxy.cfg, nginx.conf and settings_local.py', () => {
    expect(lintHaproxy(file('haproxy.cfg'))).toEqual([]);
    expect(lintNginx(file('nginx.conf'))).toEqual([]);
    const settings = file('settings_local.py');
    expect(lintSettings(settings, readPythonConstants(settings.text))).toEqual([]);
  });
});

describe('static faults of Jitsi trees', () => {
  const faults: [string, LintTree[], string, number | null][] = [
    [
      'the bridge looks for prosody on itself',
      changed('legacy', 'jvb1', PROPERTIES, (t) =>
        t.replace(`${SHARD}HOSTNAME=visio.univ-exemple.test`, `${SHARD}HOSTNAME=localhost`),
      ),
      'J16-local',
      2,
    ],
    [
      'the same, in HOCON',
      changed('modern', 'jvb1', 'jvb.conf', (t) =>
        t.replace('HOSTNAME = visio.univ-exemple.test', 'HOSTNAME = 127.0.0.1'),
      ),
      'J16-local',
      4,
    ],
    [
      'the name of the server is misspelt',
      changed('legacy', 'jvb1', PROPERTIES, (t) => t.replace('HOSTNAME=visio', 'HOSTNAME=viso')),
      'J16-name',
      2,
    ],
    [
      'the domain is misspelt, as on the old page',
      changed('legacy', 'jvb2', PROPERTIES, (t) => t.replace('DOMAIN=auth.visio', 'DOMAIN=auth.viiso')),
      'J16-name',
      3,
    ],
    [
      'the domain has no auth.',
      changed('modern', 'jvb2', 'jvb.conf', (t) => t.replace('"auth.visio', '"visio')),
      'J16-name',
      5,
    ],
    [
      'another brewery',
      changed('legacy', 'jvb1', PROPERTIES, (t) =>
        t.replace('JvbBrewery@internal.', 'JvbBrewery@conference.'),
      ),
      'J16-name',
      6,
    ],
    [
      'another password',
      changed('legacy', 'jvb2', PROPERTIES, (t) =>
        t.replace('PASSWORD=Un-Secret-Partage', 'PASSWORD=Un-Autre'),
      ),
      'J16-password',
      5,
    ],
    [
      'another password, in HOCON',
      changed('modern', 'jvb1', 'jvb.conf', (t) =>
        t.replace('PASSWORD = "Un-Secret-Partage"', 'PASSWORD = "un-secret-partage"'),
      ),
      'J16-password',
      7,
    ],
    [
      'a blank behind the password',
      changed('legacy', 'jvb1', PROPERTIES, (t) =>
        t.replace('PASSWORD=Un-Secret-Partage', 'PASSWORD=Un-Secret-Partage '),
      ),
      'J16-blank',
      5,
    ],
    [
      'a comment behind a value',
      changed('legacy', 'jvb1', PROPERTIES, (t) => t.replace('USERNAME=jvb', 'USERNAME=jvb # the account')),
      'J16-comment',
      4,
    ],
    [
      'a backslash in the password',
      changed('legacy', 'jvb1', PROPERTIES, (t) => t.replace('PASSWORD=Un-Secret', 'PASSWORD=Un\\-Secret')),
      'J16-backslash',
      5,
    ],
    [
      'an unquoted # in HOCON',
      changed('modern', 'jvb1', 'jvb.conf', (t) => t.replace('"Un-Secret-Partage"', 'Un-Secret#Partage')),
      'J16-cut',
      7,
    ],
    [
      'two bridges of one nickname',
      changed('legacy', 'jvb2', PROPERTIES, (t) => t.replace('MUC_NICKNAME=jvb2', 'MUC_NICKNAME=jvb1')),
      'J06-files',
      7,
    ],
    [
      'the same in HOCON, by letters’ case',
      changed('modern', 'jvb2', 'jvb.conf', (t) => t.replace('MUC_NICKNAME = jvb2', 'MUC_NICKNAME = JVB1')),
      'J06-files',
      9,
    ],
    [
      'no nickname',
      changed('legacy', 'jvb1', PROPERTIES, (t) => t.replace(/.*MUC_NICKNAME.*\n/, '')),
      'J16-missing',
      0,
    ],
    [
      'no account at all',
      changed('modern', 'jvb1', 'jvb.conf', () => 'videobridge { }\n'),
      'J16-no-shard',
      0,
    ],
    [
      'keys glued on one line',
      changed('legacy', 'jvb1', PROPERTIES, (t) => t.replace('=true\norg.jitsi', '=true org.jitsi')),
      'J16-glued',
      1,
    ],
    [
      'certificate verification is on',
      changed('legacy', 'jvb1', PROPERTIES, (t) => t.replace(/.*DISABLE_CERTIFICATE.*\n/, '')),
      'J16-verification',
      null,
    ],
    [
      'the environment file keeps an old secret',
      changed('legacy', 'jvb1', 'videobridge/config', (t) => t.replace('Un-Secret-Partage', 'Ancien')),
      'J16-secret',
      2,
    ],
    [
      'prosody has no brewery component',
      changed('legacy', 'jms', '.cfg.lua', (t) =>
        t.replace('Component "internal.auth', 'Component "interne.auth'),
      ),
      'J16-component',
      null,
    ],
    [
      'the brewery component is no muc',
      changed('legacy', 'jms', '.cfg.lua', (t) => t.replace('"muc"', '"http_file_share"')),
      'J16-not-muc',
      7,
    ],
    [
      'bridges are authenticated anonymously',
      changed('legacy', 'jms', '.cfg.lua', (t) => t.replace('internal_hashed', 'anonymous')),
      'J16-authentication',
      4,
    ],
    [
      'no host for bridges',
      changed('legacy', 'jms', '.cfg.lua', (t) =>
        t.replace('VirtualHost "auth.visio', 'VirtualHost "visio-auth'),
      ),
      'J16-no-auth-host',
      0,
    ],
  ];
  it.each(faults)('%s', (_name, trees, code, line) => {
    const results = lintJitsi(trees, hash).filter(({ status }) => status !== 'ok');
    expect(results[0]?.code).toBe(code);
    if (line !== null) expect(results[0]?.line).toBe(line);
    expect(describeResult(results[0]!).text).not.toMatch(/\{\w+\}/);
  });

  it('lets the legacy file win, and says so', () => {
    const trees = generation('modern').map((tree) =>
      tree.node !== 'jvb1'
        ? tree
        : {
            node: 'jvb1',
            files: [
              ...tree.files,
              {
                path: `jvb1/etc/jitsi/videobridge/${PROPERTIES}`,
                text: `${SHARD}HOSTNAME=localhost\n`,
                mode: 0o640,
              },
            ],
          },
    );
    expect(bad(lintJitsi(trees, hash))).toEqual(['J16-disagree', 'J16-local']);
  });

  it('warns of secrets that everybody may read, and of the bridge left on the server', () => {
    const trees = generation('legacy').map((tree) => ({
      node: tree.node,
      files: tree.files.map((one) => (one.path.endsWith(PROPERTIES) ? { ...one, mode: 0o644 } : one)),
    }));
    expect(bad(lintJitsi(trees, hash))).toEqual(['J17-readable', 'J17-readable']);
  });

  it('prints the fix as a patch and never a secret', () => {
    const trees = changed('modern', 'jvb1', 'jvb.conf', (t) =>
      t.replace('"Un-Secret-Partage"', 'Un-Secret#Partage'),
    );
    const results = lintJitsi(trees, hash);
    const text = renderLint(results, 7);
    expect(fixDiffs(results)).toBe('');
    expect(text).toContain('@@');
    expect(text).not.toMatch(/Un-Secret|Partage/);
    const other = changed('legacy', 'jvb2', PROPERTIES, (t) =>
      t.replace('HOSTNAME=visio.univ-exemple.test', 'HOSTNAME=localhost'),
    );
    expect(fixDiffs(lintJitsi(other, hash))).toMatch(
      /^-.*HOSTNAME=localhost\n\+.*HOSTNAME=visio\.univ-exemple\.test$/m,
    );
  });
});

describe('static faults of haproxy.cfg', () => {
  const faults: [string, (text: string) => string, string][] = [
    ['no TLS', (t) => t.replace(/.*ssl crt.*\n/, ''), 'S21-no-tls'],
    ['no redirection', (t) => t.replace(/.*redirect scheme.*\n/, ''), 'S21-no-redirect'],
    ['admin:admin', (t) => t.replace('supervision:Autre-Secret', 'admin:admin'), 'S21-default-password'],
    ['open statistics', (t) => t.replace(/.*stats auth.*\n/, ''), 'S21-open-statistics'],
    ['an unchecked server', (t) => t.replace('192.0.2.12:80 check', '192.0.2.12:80'), 'S21-no-check'],
    [
      'twenty connections per node',
      (t) => t.replace('check maxconn 1500 cookie broadcast1', 'check maxconn 20 cookie broadcast1'),
      'S21-few-connections',
    ],
    ['one cookie for two', (t) => t.replace('cookie broadcast2', 'cookie broadcast1'), 'S21-same-cookie'],
    ['a server without cookie', (t) => t.replace(' cookie broadcast2', ''), 'S21-server-cookie'],
    [
      'a template, whose servers would share one value',
      (t) => t.replace(/server broadcast2 \S+/, 'server-template broadcast 2-4 192.0.2.12:80'),
      'S21-template-cookie',
    ],
    ['no cookie at all', (t) => t.replace(/.*cookie SERVERUSED.*\n/, ''), 'S21-no-cookie'],
    ['a check that looks at nothing', (t) => t.replace(/.*http-check send.*\n/, ''), 'S21-blind-check'],
    ['no redispatch', (t) => t.replace(/.*redispatch\n/, ''), 'S21-no-redispatch'],
    ['no time limits', (t) => t.replace(/.*timeout client.*\n/, ''), 'S21-no-timeout'],
  ];
  it.each(faults)('%s', (_name, change, code) => {
    const sound = file('haproxy.cfg');
    expect(bad(lintHaproxy({ ...sound, text: change(sound.text) }))).toContain(code);
  });
});

describe('static faults of nginx.conf', () => {
  const faults: [string, (text: string) => string, string][] = [
    ['anybody may publish', (t) => t.replace(/ +allow publish 192.*\n +deny publish all;\n/, ''), 'S19-open'],
    ['statistics for everybody', (t) => t.replace(' allow 127.0.0.1; deny all;', ''), 'S18-file-stat'],
    [
      'control for everybody',
      (t) =>
        t.replace('location /hls/ {', 'location /control { rtmp_control all; }\n        location /hls/ {'),
      'S18-file-control',
    ],
    ['a rendition nobody makes', (t) => t.replace('hls_variant _360', 'hls_variant _480'), 'S16-variant'],
    [
      'a copied rendition',
      (t) =>
        t.replace(
          '-c:v libx264 -g 50 -keyint_min 50 -sc_threshold 0 -b:v 2800k -maxrate 2800k -bufsize 5600k',
          '-c:v copy',
        ),
      'S10-copied',
    ],
    ['a rate without bound', (t) => t.replaceAll(/-maxrate \S+ -bufsize \S+/g, '-crf 23'), 'S12-crf'],
    ['no key frame distance', (t) => t.replaceAll('-g 50 ', ''), 'S10-key-frames'],
    ['a short window', (t) => t.replace('hls_playlist_length 30s', 'hls_playlist_length 4s'), 'S10-window'],
    ['everything recorded', (t) => t.replace('live on;', 'live on; record all;'), 'S20-record'],
    ['several processes', (t) => t.replace('worker_processes 1', 'worker_processes auto'), 'S15-processes'],
    ['no CORS', (t) => t.replace(/.*Access-Control.*\n/, ''), 'S08-file-cors'],
    ['no word on caching', (t) => t.replace(/.*Cache-Control.*\n/, ''), 'S08-file-cache'],
  ];
  it.each(faults)('%s', (_name, change, code) => {
    const sound = file('nginx.conf');
    const text = change(sound.text);
    expect(text).not.toBe(sound.text);
    expect(bad(lintNginx({ ...sound, text }))).toContain(code);
  });
});

describe('static faults of settings_local.py', () => {
  const faults: [string, (text: string) => string, string, number][] = [
    ['no broker', (t) => t.replace(/^ENCODING_TRANS.*\n/m, ''), 'P18-no-broker', 2],
    [
      'remote encoding is off',
      (t) => t.replace('USE_REMOTE_ENCODING_TRANSCODING = True', 'USE_REMOTE_ENCODING_TRANSCODING = False'),
      'P18-remote-off',
      3,
    ],
    [
      'the placeholder token',
      (t) => t.replace(/POD_API_TOKEN = ".*"/, 'POD_API_TOKEN = "xxxx"'),
      'P18-placeholder',
      5,
    ],
    ['http', (t) => t.replace('https://pod', 'http://pod'), 'P18-cleartext', 4],
    ['no /rest/', (t) => t.replace('.test/rest/', '.test/'), 'P18-no-rest', 4],
    ['a broker in the cache database', (t) => t.replace('6379/5', '6379/3'), 'P18-cache-database', 3],
    [
      'a broker without a password',
      (t) => t.replace(':secret@redis.univ-exemple.test:6379/5', 'redis.univ-exemple.test:6379/5'),
      'P18-no-password',
      3,
    ],
    [
      'no model',
      (t) => t.replace('WHISPER"\n', 'VOSK"\n').replace(/^TRANSCRIPTION_MODEL_PARAM.*\n/m, ''),
      'P18-missing',
      0,
    ],
    ['no LRS', (t) => t.replace(/^XAPI_LRS_URL.*\n/m, ''), 'P18-xapi-missing', 11],
    ['a relative media root', (t) => t.replace('"/usr/local', '"usr/local'), 'P18-relative', 6],
    ['both ways of encoding', (t) => `${t}CELERY_TO_ENCODE = True\n`, 'P18-both-ways', 18],
    ['DEBUG', (t) => t.replace('DEBUG = False', 'DEBUG = True'), 'P18-debug', 17],
  ];
  it.each(faults)('%s', (_name, change, code, line) => {
    const sound = file('settings_local.py');
    const text = change(sound.text);
    expect(text).not.toBe(sound.text);
    const found = lintSettings({ ...sound, text }, readPythonConstants(text)).find(
      (result) => result.code === code,
    );
    expect(found?.code).toBe(code);
    expect(found?.line).toBe(line);
  });
  it('says of computed values that it does not judge them', () => {
    const text = file('settings_local.py').text.replace(
      /^ENCODING_TRANS.*$/m,
      'ENCODING_TRANSCODING_CELERY_BROKER_URL = f"redis://{HOST}/5"',
    );
    const results = lintSettings({ path: 's.py', text, mode: null }, readPythonConstants(text));
    expect(results.map(({ code, status }) => [code, status])).toEqual([['P18-not-evaluable', 'ok']]);
  });
});

describe('jicofo.log', () => {
  it('tells per bridge the last entry and departure, in the format of 2020', () => {
    const old = file('jicofo-2020.log');
    expect(
      readJicofoLog(old.text).map(({ nickname, lastJoin, lastLeave, present }) => ({
        nickname,
        lastJoin,
        lastLeave,
        present,
      })),
    ).toEqual([
      { nickname: 'jvb1', lastJoin: '2020-05-06 10:02:11', lastLeave: null, present: true },
      { nickname: 'jvb2', lastJoin: '2020-05-06 10:02:14', lastLeave: '2020-05-06 11:40:03', present: false },
    ]);
    expect(bad(lintJicofoLog(old))).toEqual(['J14-gone']);
  });
  it('sees a bridge that comes and goes, in today’s format', () => {
    expect(bad(lintJicofoLog(file('jicofo-today.log')))).toEqual(['J14-flapping']);
  });
});

describe('a file that everybody may read', () => {
  const codes = (text: string): string[] =>
    lintJitsi(
      [{ node: 'jvb1', files: [{ path: 'jitsi/videobridge/jvb.conf', text, mode: 0o644 }] }],
      (secret) => secret,
      true,
    ).map(({ code }) => code);
  it('is a fault where it holds a secret, and as the package makes it none', () => {
    expect(codes('videobridge { websockets { enabled = true, domain = "visio.univ.fr:443" } }')).toEqual([
      'J16-elsewhere',
    ]);
    for (const written of [
      'PASSWORD = """x1"""',
      'PASSWORD = "x1"',
      'password: x1',
      '"PASSWORD" = "x1"',
      'shard { PASSWORD=x1 }',
    ])
      expect(codes(`videobridge.apis.xmpp-client.configs {\n${written}\n}`)).toContain('J17-readable');
    for (const filled of ['${?JVB_SECRET}', '"${JVB_SECRET}"', '"{{ jvb_secret }}"'])
      expect(codes(`videobridge.apis.xmpp-client.configs.shard.PASSWORD = ${filled}`)).not.toContain(
        'J17-readable',
      );
    expect(codes('videobridge {\n# PASSWORD = "x1"\nPASSWORD = ""\n}')).not.toContain('J17-readable');
  });
});
