import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openEnvelope, parseJob } from '../../../src/cluster/adapters/celery/envelope.js';
import { parseRecordings } from '../../../src/bbb-server/parse-recordings.js';
import { videoSources } from '../../../src/bbb-server/video-sources.js';
import { parseMetrics, parseStatisticsCsv } from '../../../src/cluster/adapters/haproxy/statistics.js';
import { decodeStream } from '../../../src/kit/adapters/http/decode-text.js';
import { parsePlaylist } from '../../../src/cluster/adapters/rtmp-hls/playlist.js';
import { parseRtmpStat } from '../../../src/cluster/adapters/rtmp-hls/rtmp-stat.js';
import { readHaproxy } from '../../../src/cluster/init/from-haproxy.js';
import { readJitsiTrees } from '../../../src/cluster/init/from-jitsi.js';
import { readPodSettings } from '../../../src/cluster/init/from-settings.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { lintHaproxy } from '../../../src/cluster/lint/lint-haproxy.js';
import { lintJitsi } from '../../../src/cluster/lint/lint-jitsi.js';
import { lintNginx } from '../../../src/cluster/lint/lint-nginx.js';
import { lintSettings } from '../../../src/cluster/lint/lint-settings.js';
import { lintJson, renderLint } from '../../../src/cluster/lint/render-lint.js';
import { lintJicofoLog } from '../../../src/cluster/lint/read-jicofo-log.js';
import { mapConstants } from '../../../src/kit/config/init/map-constants.js';
import { readPhpConstants } from '../../../src/kit/config/init/read-php.js';
import { readPythonConstants } from '../../../src/kit/config/init/read-python.js';
import { loadConfiguration } from '../../../src/kit/config/load.js';
import { parseRecordingList } from '../../../src/moodle/choose-recordings.js';
import { appendBlock, cutBlock, findBlock, findLegacy, swallows } from '../../../src/moodle/notice/block.js';
import { parseFragment } from '../../../src/moodle/notice/parse-fragment.js';
import { parseOwnersFile } from '../../../src/owners/owners-file.js';
import { choosePlayback } from '../../../src/bbb/choose-playback.js';
import { matchesFilters, noFilters, parseRecordList } from '../../../src/bbb/filters.js';
import { recordIdOfUrl } from '../../../src/bbb/playback-url.js';
import { claimFileName, oldScriptFileNames, titleOf } from '../../../src/bbb/recording-names.js';
import { conversionOf } from './conversion.js';

/** Something that reads what others wrote: it gives a result or one OperatorError, whatever it is given. */
export interface Target {
  readonly name: string;
  /** Sound documents, to be spoilt. */
  readonly seeds: readonly Buffer[];
  readonly read: (bytes: Buffer) => unknown;
}

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
const fixture = (name: string): Buffer => readFileSync(path.join(fixtures, name));
const text =
  (read: (text: string) => unknown) =>
  (bytes: Buffer): unknown =>
    read(bytes.toString('utf8'));
const config = (name: string): Buffer => readFileSync(path.resolve(fixtures, '../config', name));
/** Comments of the example removed, so that faults hit values that count. */
const uncommented = (bytes: Buffer): Buffer => Buffer.from(bytes.toString().replace(/^# (?=\w+ = )/gm, ''));
const lint = (file: string, read: (text: string) => Parameters<typeof renderLint>[0]) =>
  text((content) => {
    const results = read(content);
    return [renderLint(results, 1), lintJson(results), file];
  });
const lintFile = (name: string, content: string) => ({ path: name, text: content, mode: 0o640 });

async function readAnswer(bytes: Buffer): Promise<unknown> {
  const shown: unknown[] = [];
  await parseRecordings(
    decodeStream(
      (async function* () {
        await Promise.resolve();
        yield bytes;
      })(),
      undefined,
    ),
    {
      source: 'bbb.univ.example',
      server: 'default',
      onRecording: (recording) => {
        shown.push([
          titleOf(recording),
          choosePlayback(recording, { playback23: true }),
          claimFileName(recording, { extension: 'mp4', timeZone: 'Europe/Paris', maxLength: 60 }),
          oldScriptFileNames(recording, 'Europe/Paris'),
          matchesFilters(recording, { ...noFilters, origins: ['x'] }),
        ]);
      },
    },
  );
  return shown;
}

const presentation = (file: string): Target => ({
  name: `presentation ${file}`,
  seeds: ['classic', 'tldraw1', 'tldraw2'].flatMap((generation) => {
    try {
      return [fixture(`presentations/${generation}/${file}`)];
    } catch {
      return [];
    }
  }),
  read: text((content) => conversionOf(path.join(fixtures, 'presentations'), file, content)),
});

const jitsiTree = (generation: 'legacy' | 'modern', changed: string): Target => {
  const files = ['jms', 'jvb1'].map((node) => ({
    node,
    files: readdirSync(path.join(fixtures, 'cluster', generation, node), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => lintFile(file, readFileSync(file, 'utf8'))),
  }));
  const [seed] = files.flatMap((tree) => tree.files).filter(({ path: file }) => file.endsWith(changed));
  if (seed === undefined) throw new Error(`no ${changed} among the ${generation} files`);
  return {
    name: `Jitsi ${generation} ${changed}`,
    seeds: [Buffer.from(seed.text)],
    read: lint(changed, (content) => {
      const trees = files.map((tree) => ({
        ...tree,
        files: tree.files.map((file) => (file.path === seed.path ? { ...file, text: content } : file)),
      }));
      readJitsiTrees(trees);
      return lintJitsi(trees, (secret) => secret.slice(0, 3));
    }),
  };
};

const celery = JSON.stringify({
  body: Buffer.from(JSON.stringify([[12, '/media/a.mp4'], {}, {}])).toString('base64'),
  headers: { task: 'pod.start_encoding_task', id: 'i', expires: 1 },
  properties: { body_encoding: 'base64', priority: 3, delivery_info: { routing_key: 'encoding' } },
});

export const targets: readonly Target[] = [
  {
    name: 'getRecordings',
    seeds: readdirSync(path.join(fixtures, 'getrecordings')).map((name) => fixture(`getrecordings/${name}`)),
    read: readAnswer,
  },
  ...[
    'metadata.xml',
    'shapes.svg',
    'panzooms.xml',
    'cursor.xml',
    'deskshare.xml',
    'tldraw.json',
    'slides_new.xml',
    'polls.json',
    'external_videos.json',
    'captions.json',
    'caption_en.vtt',
    'notes.html',
    'presentation_text.json',
  ].map(presentation),
  {
    name: 'video page',
    seeds: [
      Buffer.from(
        '<video controls><!-- <source src="no.mp4"> --><source src="video-0.m4v" type="video/mp4"></video>',
      ),
    ],
    read: text(videoSources),
  },
  {
    name: 'playlist',
    seeds: [
      Buffer.from(
        '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:3.0,\na-7.ts\n#EXTINF:3.0,\na-8.ts\n',
      ),
      Buffer.from(
        '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360\nlow/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2800000\nhigh.m3u8\n',
      ),
    ],
    read: text(parsePlaylist),
  },
  {
    name: 'HAProxy statistics',
    seeds: [
      Buffer.from(
        '# pxname,svname,qcur,scur,slim,status,last_chk,check_status,weight,\nnodes,b1,0,3,200,UP 1/3,"L7, ok",L7OK,9,\nnodes,BACKEND,1,,,UP,,,,\n',
      ),
    ],
    read: text((content) => [parseStatisticsCsv(content), parseMetrics(content)]),
  },
  {
    name: 'nginx-rtmp statistics',
    seeds: [
      Buffer.from(
        '<?xml version="1.0"?><rtmp><nginx_version>1.22</nginx_version><uptime>7</uptime><server><application><name>live</name><live><stream><name>direct</name><time>4000</time><bw_in>800000</bw_in><client><id>1</id><address>1.2.3.4</address><publishing/></client><meta><video><width>640</width></video></meta></stream><nclients>3</nclients></live></application></server></rtmp>',
      ),
    ],
    read: text((content) => parseRtmpStat(content, 0)),
  },
  {
    name: 'Celery message',
    seeds: [Buffer.from(celery)],
    read: text((content) => [openEnvelope(content), parseJob(content, 'celery')]),
  },
  jitsiTree('legacy', 'videobridge/config'),
  jitsiTree('legacy', 'sip-communicator.properties'),
  jitsiTree('modern', 'jvb.conf'),
  jitsiTree('modern', 'jicofo.conf'),
  {
    name: 'jicofo.log',
    seeds: [fixture('cluster/jicofo-2020.log'), fixture('cluster/jicofo-today.log')],
    read: lint('jicofo.log', (content) => lintJicofoLog(lintFile('jicofo.log', content))),
  },
  {
    name: 'haproxy.cfg',
    seeds: [fixture('cluster/haproxy.cfg')],
    read: lint('haproxy.cfg', (content) => {
      readHaproxy({ path: 'haproxy.cfg', text: content });
      return lintHaproxy(lintFile('haproxy.cfg', content));
    }),
  },
  {
    name: 'nginx.conf',
    seeds: [fixture('cluster/nginx.conf')],
    read: lint('nginx.conf', (content) => lintNginx(lintFile('nginx.conf', content))),
  },
  {
    name: 'settings_local.py',
    seeds: [fixture('cluster/settings_local.py')],
    read: lint('settings_local.py', (content) => {
      const constants = readPythonConstants(content);
      mapConstants(constants);
      readPodSettings('settings_local.py', constants);
      return lintSettings(lintFile('settings_local.py', content), constants);
    }),
  },
  {
    name: 'bbb-pod-live.php',
    seeds: [
      Buffer.from(
        `<?php\n// live\ndefine("DEBUG", true);\ndefine('BBB_URL', "https://bbb.univ.fr/bigbluebutton/api");\ndefine('BBB_SECRET', 'xxx');\n$x = array("a" => 1, 'b' => array(2, 3));\nconst NB = 2;\n`,
      ),
    ],
    read: text((content) => mapConstants(readPhpConstants(content))),
  },
  {
    name: 'bbb2pod.toml',
    seeds: [uncommented(config('bbb2pod.example.toml')), config('bbb2pod.example.toml')],
    read: text((content) =>
      loadConfiguration({
        file: { path: 'bbb2pod.toml', text: content },
        environment: {},
        readSecretFile: () => 'secret',
      }),
    ),
  },
  {
    name: 'cluster.toml',
    seeds: [config('cluster.example.toml')],
    read: text((content) => loadInventory({ path: 'cluster.toml', text: content }, () => 'redis://r:6379/5')),
  },
  {
    name: 'owners CSV',
    seeds: [
      Buffer.from(
        'key,pod\n88d478c6ce349c88e0db9e04af0c9d180a22abf6-1750420800000,amartin\njdupont;jean.dupont\n"a,b",c\n',
      ),
    ],
    read: text((content) => parseOwnersFile(content, 'owners.csv')),
  },
  {
    name: 'list of exclusions',
    seeds: [
      Buffer.from(
        '88d478c6ce349c88e0db9e04af0c9d180a22abf6-1750420800000 # no\nhttps://b.fr/playback/presentation/2.3/88d478c6ce349c88e0db9e04af0c9d180a22abf6-1750420800000\n',
      ),
    ],
    read: text((content) => parseRecordList(content, recordIdOfUrl)),
  },
  {
    name: 'list for annotate',
    seeds: [
      Buffer.from(
        'recordID;title;date;url\n88d478c6ce349c88e0db9e04af0c9d180a22abf6-1750420800000;A;2024-01-01;https://pod/x\n',
      ),
    ],
    read: text((content) =>
      parseRecordingList(content, 'list.csv', {
        ofRun: null,
        min: 1,
        max: Infinity,
        since: null,
        until: null,
        recordIds: [],
      }),
    ),
  },
  {
    name: 'notice',
    seeds: ['fr', 'en', 'fr-claim', 'en-claim'].map((name) => config(`notices/${name}.html`)),
    read: text((content) => parseFragment(content, 'notice.html')),
  },
  {
    name: 'introduction of an activity',
    seeds: [
      Buffer.from('<p>Le cours du lundi.</p><div class="alert bbb2pod-x"><p>old</p></div>'),
      Buffer.from(appendBlock('<p>Cours</p>', '<div class="bbb2pod-notice bbb2pod-notice-c">x</div>', 1)),
    ],
    read: text((content) => {
      for (const format of [0, 1, 2, 4]) {
        const found = findBlock(content, 'c', format) as unknown;
        const legacy = findLegacy(content);
        if (legacy !== null) cutBlock(content, legacy);
        swallows(content, format);
        if (found === undefined) throw new Error('neither found nor told absent');
      }
    }),
  },
];
