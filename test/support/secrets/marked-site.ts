import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Marks } from './marks.js';

/** Where the systems of a marked site are, in three states: nobody listens, every login is refused, all is well. */
export interface Endpoints {
  readonly bbb: string;
  readonly pod: string;
  /** `HOST:PORT/NAME`, without scheme and account. */
  readonly podDatabase: string;
  readonly moodleDatabase: string;
  readonly redis: string;
  readonly rtmp: string;
  readonly smtp: string;
  /** Any TCP port: statistics, XMPP, brokers. */
  readonly tcp: string;
}

/** How the secrets reach the product. */
export type Way = 'inline' | 'files' | 'environment';

/** Passwords that exist in the servers of the state in which all is well. */
export interface KnownSecrets {
  readonly bbb: string;
  readonly podDatabase: string;
  readonly moodleDatabase: string;
  readonly redis: string;
}

/** What the operator himself wrote, and where secrets may therefore stand. */
export const OPERATORS_OWN = /^(own(\/|$)|bbb2pod\.toml$|cluster\.toml$)/;

/**
 * Writes bbb2pod.toml and cluster.toml with a mark for every secret that the schemas know.
 * @returns the environment that goes with them.
 */
export function writeMarkedSite(
  directory: string,
  at: Endpoints,
  way: Way,
  marks: Marks,
  known: Partial<KnownSecrets> = {},
): Record<string, string> {
  const own = path.join(directory, 'own');
  mkdirSync(own, { recursive: true });
  const mark = (place: string): string => marks.of(`${way} ${place}`);
  const secrets: Record<string, Record<string, string>> = {
    bbb: { secret: known.bbb ?? mark('bbb secret') },
    pod: {
      database: `mysql://pod:${known.podDatabase ?? mark('pod database password')}@${at.podDatabase}`,
      token: mark('pod token'),
      secret_key: mark('pod secret key'),
    },
    'moodle.default': {
      database: `postgresql://moodle:${known.moodleDatabase ?? mark('moodle password')}@${at.moodleDatabase}`,
      annotate_database: `postgresql://moodle:${known.moodleDatabase ?? mark('moodle writer password')}@${at.moodleDatabase}`,
    },
    // Where all is well there is no Greenlight.
    ...(known.moodleDatabase === undefined
      ? {
          'greenlight.default': {
            database: `postgresql://greenlight:${mark('greenlight password')}@${at.moodleDatabase}`,
          },
        }
      : {}),
    recorder: {
      queue: `redis://:${known.redis ?? mark('queue password')}@${at.redis}/9`,
      queue_key: mark('queue key'),
      manager_token: mark('manager token'),
    },
    live: {
      rtmp_url: `rtmp://live:${mark('rtmp password')}@${at.rtmp}/live/?pass=${mark('rtmp query')}`,
      attendee_password: mark('attendee password'),
      moderator_password: mark('moderator password'),
      redis: `redis://:${known.redis ?? mark('live redis password')}@${at.redis}/8`,
      gateway_token: mark('gateway token'),
    },
    mail: { smtp: `smtp://mail:${mark('smtp password')}@${at.smtp}` },
  };
  const environment: Record<string, string> = {};
  const lineOf = (section: string, key: string, value: string): string[] => {
    if (way === 'inline') return [`${key} = ${JSON.stringify(value)}`];
    if (way === 'environment') {
      environment[`BBB2POD_${section.replace('.default', '')}_${key}`.toUpperCase()] = value;
      return [];
    }
    const file = path.join(own, `${section}.${key}`);
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    return [`${key}_file = ${JSON.stringify(file)}`];
  };
  const section = (name: string, ...plain: string[]): string =>
    [
      `[${name}]`,
      ...plain,
      ...Object.entries(secrets[name] ?? {}).flatMap(([key, value]) => lineOf(name, key, value)),
    ].join('\n');
  mkdirSync(path.join(directory, 'ftp/bbb'), { recursive: true });
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    [
      `state_dir = "${directory}/state"`,
      section('bbb', `url = "${at.bbb}"`, 'timeout = 2', 'retry_after = 0.05'),
      section('pod', `url = "${at.pod}"`, `recorder_path = "${directory}/ftp/"`, 'connect_timeout = 2'),
      section('moodle.default', 'connect_timeout = 2'),
      ...('greenlight.default' in secrets ? [section('greenlight.default', 'connect_timeout = 2')] : []),
      section('recorder', `work_dir = "${directory}/work"`, 'engine = "bullmq"', `manager = "${at.pod}"`),
      section(
        'live',
        'hls_url = "http://127.0.0.1:9/hls/"',
        `work_dir = "${directory}/live"`,
        'start_wait = 1',
      ),
      section('mail', 'to = "admin@univ.example"'),
      `[log]\ndirectory = "${directory}/log"\nlevel = "debug"`,
    ].join('\n'),
    { mode: 0o600 },
  );
  writeFileSync(path.join(directory, 'cluster.toml'), inventory(at, mark), { mode: 0o600 });
  // The operator's session files: a browser's cookies, and headers.
  writeFileSync(
    path.join(own, 'cookies.txt'),
    `127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t${mark('cookie file')}\n`,
  );
  writeFileSync(path.join(own, 'headers.txt'), `Authorization: Bearer ${mark('header file')}\n`);
  return environment;
}

const inventory = (at: Endpoints, mark: (place: string) => string): string => {
  const [host = '', port = ''] = at.tcp.split(':');
  return `[streaming]
public_name = "127.0.0.1"
streams = ["direct"]
publishers = ["127.0.0.1"]
stats_user = "supervision"
stats_password = "${mark('haproxy statistics')}"
[streaming.balancers.lb1]
address = "${host}"
socket = "${at.tcp}"
stats_url = "http://${at.tcp}/stats;csv"
[streaming.ingests.ingest1]
address = "${host}"
[streaming.broadcasts.broadcast1]
address = "${host}"
[jitsi]
domain = "jitsi.univ.example"
jvb_password = "${mark('jvb password')}"
jicofo_password = "${mark('jicofo password')}"
[jitsi.jms]
address = "${host}"
xmpp_port = ${port}
jicofo_url = "http://${at.tcp}"
[jitsi.jvbs.jvb1]
address = "${host}"
rest_url = "http://${at.tcp}"
[encoding]
pod_url = "${at.pod}/rest/"
pod_token = "${mark('cluster pod token')}"
lrs_url = "${at.pod}/lrs/"
lrs_login = "pod"
lrs_password = "${mark('lrs password')}"
[encoding.brokers.main]
url = "redis://:${mark('broker password')}@${at.redis}/5"
queues = ["encoding"]
[encoding.workers.encoder1]
address = "${host}"
queue = "encoding"
`;
};
