import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { issueCertificate } from './certificates.js';
import type { ClusterBench } from './cluster-bench.js';
import type { RuntimeFault } from './faults.js';
import { BREWERY, BridgeStandIn, JITSI_NAME, JVB_PASSWORD } from './jitsi-bench.js';
import { portAnswers, waitFor } from './processes.js';

/** Changes what a bridge's REST says, and takes it back. */
const says = (values: Record<string, number | boolean | string>) => {
  let before: Record<string, number | boolean | string> = {};
  return {
    inject: ({ jitsi }: ClusterBench) => {
      before = { ...jitsi.bridges[0]!.statistics };
      Object.assign(jitsi.bridges[0]!.statistics, values);
    },
    heal: ({ jitsi }: ClusterBench) => {
      jitsi.bridges[0]!.statistics = before;
    },
  };
};

const inventory = (change: (text: string) => string) => ({
  inject: (bench: ClusterBench) => bench.writeInventory(change),
  heal: (bench: ClusterBench) => bench.writeInventory(),
});

async function web({ jitsi }: ClusterBench, change: (text: string) => string): Promise<void> {
  const file = path.join(jitsi.directory, 'web', 'nginx.conf');
  const sound = jitsi.webText;
  writeFileSync(file, change(sound));
  await jitsi.web.stop('SIGKILL');
  jitsi.web.start();
  await waitFor('the web front', () => portAnswers(jitsi.httpsPort));
}

const rejoin = async ({ jitsi }: ClusterBench): Promise<void> => {
  for (const bridge of jitsi.bridges) {
    bridge.leave();
    await bridge.join(bridge.name);
  }
};

let stranger: BridgeStandIn | null = null;

export const jitsiFaults: readonly RuntimeFault[] = [
  {
    name: 'the web front is stopped',
    system: 'jitsi',
    inject: ({ jitsi }) => jitsi.web.stop('SIGKILL'),
    heal: (bench) => web(bench, (text) => text),
    first: /^J01-silent/,
    status: 'critical',
  },
  {
    name: 'config.js is missing',
    system: 'jitsi',
    inject: (bench) =>
      web(bench, (text) => text.replace('location = /config.js {', 'location = /config.js { return 404;')),
    heal: (bench) => web(bench, (text) => text),
    first: /^J01-config/,
    status: 'critical',
  },
  {
    name: 'config.js names another domain',
    system: 'jitsi',
    inject: (bench) =>
      web(bench, (text) => text.replace(`domain: '${JITSI_NAME}'`, "domain: 'old.bench.test'")),
    heal: (bench) => web(bench, (text) => text),
    first: /^J01-domain/,
    status: 'critical',
  },
  {
    name: 'the certificate of the web front is expired',
    system: 'jitsi',
    inject: async (bench) => {
      issueCertificate(bench.jitsi.directory, 'web', { names: [JITSI_NAME], days: -1 });
      await web(bench, (text) => text);
    },
    heal: async (bench) => {
      issueCertificate(bench.jitsi.directory, 'web', { names: [JITSI_NAME], days: 90 });
      await web(bench, (text) => text);
    },
    first: /^J01-expired/,
    status: 'critical',
  },
  {
    name: 'prosody is stopped',
    system: 'jitsi',
    family: true,
    inject: ({ jitsi }) => jitsi.prosody.stop('SIGKILL'),
    heal: async (bench) => {
      bench.jitsi.prosody.start();
      await waitFor('prosody', () => portAnswers(bench.jitsi.xmppPort));
      await rejoin(bench);
    },
    first: /^J03-silent/,
    status: 'critical',
    explains: /^J01-bosh/,
  },
  {
    name: 'prosody hangs',
    system: 'jitsi',
    inject: ({ jitsi }) => jitsi.prosody.signal('SIGSTOP'),
    heal: ({ jitsi }) => jitsi.prosody.signal('SIGCONT'),
    first: /^J03-silent/,
    status: 'critical',
  },
  {
    name: 'the password of the bridges is another one in prosody',
    system: 'jitsi',
    family: true,
    inject: ({ jitsi }) => jitsi.setPassword('another'),
    heal: async (bench) => {
      bench.jitsi.setPassword(JVB_PASSWORD);
      await rejoin(bench);
    },
    first: /^J04-refused/,
    status: 'critical',
  },
  {
    name: 'the domain of the bridges is misspelt, as in the old page',
    system: 'jitsi',
    ...inventory((text) => text.replace('[jitsi.jms]', `auth_domain = "auth.jtisi.bench.test"\n[jitsi.jms]`)),
    first: /^J04-domain/,
    status: 'critical',
  },
  {
    name: 'a bridge left the brewery',
    system: 'jitsi',
    family: true,
    inject: ({ jitsi }) => jitsi.bridges[1]!.leave(),
    heal: ({ jitsi }) => jitsi.bridges[1]!.join('jvb2'),
    first: /^J05-missing/,
    status: 'critical',
  },
  {
    name: 'two bridges share a nickname',
    system: 'jitsi',
    family: true,
    inject: async ({ jitsi }) => {
      jitsi.bridges[1]!.leave();
      await jitsi.bridges[1]!.join('jvb1');
    },
    heal: async ({ jitsi }) => {
      jitsi.bridges[1]!.leave();
      await jitsi.bridges[1]!.join('jvb2');
    },
    first: /^J06-shared/,
    status: 'critical',
    explains: /^J05-missing@jvb2/,
  },
  {
    name: 'the brewery is on a component that does not exist',
    system: 'jitsi',
    ...inventory((text) => text.replace(BREWERY, `jvbbrewery@nowhere.${JITSI_NAME}`)),
    first: /^J05-room/,
    status: 'critical',
  },
  {
    name: 'jicofo has no operational bridge',
    system: 'jitsi',
    inject: ({ jitsi }) => {
      jitsi.jicofo = {
        health: 500,
        selector: { bridge_count: 2, operational_bridge_count: 2, lost_bridges: 0, bridge_version_count: 1 },
        bridges: {},
      };
    },
    heal: ({ jitsi }) => {
      jitsi.jicofo = null;
    },
    first: /^J05-jicofo/,
    status: 'critical',
  },
  {
    name: 'jicofo refuses connections',
    system: 'jitsi',
    inject: (bench) =>
      bench.writeInventory((text) =>
        text.replace(/jicofo_url = "http:\/\/127.0.0.1:\d+"/, 'jicofo_url = "http://127.0.0.1:9"'),
      ),
    heal: (bench) => bench.writeInventory(),
    first: /^J05-jicofo-silent/,
    status: 'critical',
  },
  {
    name: 'a bridge is unhealthy',
    system: 'jitsi',
    inject: ({ jitsi }) => {
      jitsi.bridges[0]!.health = { status: 500, body: 'No valid IP addresses' };
    },
    heal: ({ jitsi }) => {
      jitsi.bridges[0]!.health = { status: 200, body: '' };
    },
    first: /^J07-unhealthy/,
    status: 'critical',
  },
  {
    name: 'a bridge does not answer on its REST',
    system: 'jitsi',
    ...inventory((text) =>
      text.replace(/rest_url = "http:\/\/127.0.0.1:\d+"/, 'rest_url = "http://127.0.0.1:9"'),
    ),
    first: /^J07-silent/,
    status: 'critical',
  },
  {
    name: 'a bridge lost its connection to prosody and calls itself healthy',
    system: 'jitsi',
    inject: ({ jitsi }) => {
      jitsi.bridges[0]!.statistics['muc_clients_connected'] = 0;
      jitsi.bridges[0]!.leave();
    },
    heal: async ({ jitsi }) => {
      jitsi.bridges[0]!.statistics['muc_clients_connected'] = 1;
      await jitsi.bridges[0]!.join('jvb1');
    },
    first: /^J08-disconnected/,
    status: 'critical',
    explains: /^J05-missing@jvb1/,
  },
  {
    name: 'a bridge joined no brewery',
    system: 'jitsi',
    ...says({ mucs_joined: 0 }),
    first: /^J08-not-joined/,
    status: 'critical',
  },
  {
    name: 'the media port is closed',
    system: 'jitsi',
    family: true,
    inject: ({ jitsi }) => jitsi.bridges[0]!.closeMediaPort(),
    heal: ({ jitsi }) => jitsi.bridges[0]!.openMediaPort(),
    first: /^J09-closed/,
    status: 'critical',
  },
  {
    name: 'one connection in ten fails',
    system: 'jitsi',
    ...says({ total_ice_failed: 40, total_ice_succeeded: 360 }),
    first: /^J10-failing/,
    status: 'warning',
  },
  {
    name: 'one connection in three fails',
    system: 'jitsi',
    ...says({ total_ice_failed: 133, total_ice_succeeded: 267 }),
    first: /^J10-failing/,
    status: 'critical',
  },
  {
    name: 'a bridge is stressed',
    system: 'jitsi',
    ...says({ stress_level: 0.91 }),
    first: /^J11-stressed/,
    status: 'warning',
  },
  {
    name: 'a bridge is overloaded',
    system: 'jitsi',
    ...says({ stress_level: 1.3 }),
    first: /^J11-overloaded/,
    status: 'critical',
  },
  {
    name: 'a bridge is draining',
    system: 'jitsi',
    ...says({ drain: true }),
    first: /^J15-draining/,
    status: 'warning',
  },
  {
    name: 'a bridge is stopping',
    system: 'jitsi',
    ...says({ graceful_shutdown: true }),
    first: /^J15-stopping/,
    status: 'warning',
  },
  {
    name: 'the bridges run two versions',
    system: 'jitsi',
    inject: ({ jitsi }) => {
      jitsi.jicofo = {
        health: 200,
        selector: { bridge_count: 2, operational_bridge_count: 2, lost_bridges: 0, bridge_version_count: 2 },
        bridges: {
          [`${BREWERY}/jvb1`]: { healthy: true, operational: true, version: '2.3.209' },
          [`${BREWERY}/jvb2`]: { healthy: true, operational: true, version: '2.3.105' },
        },
      };
    },
    heal: ({ jitsi }) => {
      jitsi.jicofo = null;
    },
    first: /^J12-differ/,
    status: 'warning',
  },
  {
    name: 'one bridge less would not carry the peak',
    system: 'jitsi',
    ...inventory((text) => text.replace('participants = 60', 'participants = 300')),
    first: /^J13-no-spare/,
    status: 'warning',
  },
  {
    name: 'jicofo lost a bridge since the last run',
    system: 'jitsi',
    inject: async (bench) => {
      await bench.check({ systems: ['jitsi'] });
      bench.jitsi.lostBridges += 1;
      // The loss stays told until the next run has seen it: one check must find it.
    },
    heal: () => undefined,
    first: /^J14-lost/,
    status: 'warning',
  },
  {
    name: 'a bridge that nobody knows takes meetings',
    system: 'jitsi',
    inject: async ({ jitsi }) => {
      stranger = new BridgeStandIn('left-on-the-jms', () => jitsi.xmppPort);
      await stranger.start();
    },
    heal: () => {
      stranger?.stop();
      stranger = null;
    },
    first: /^J18-stranger/,
    status: 'warning',
  },
  {
    name: 'the name of a bridge does not resolve',
    system: 'jitsi',
    ...inventory((text) =>
      text.replace(/(\[jitsi\.jvbs\.jvb2\]\naddress = )"127\.0\.0\.1"/, '$1"jvb2.bench.invalid"'),
    ),
    first: /^J02-unresolved/,
    status: 'critical',
  },
  {
    name: 'the name of the server leads elsewhere',
    system: 'jitsi',
    ...inventory((text) =>
      text.replace(/(\[jitsi\.jms\]\naddress = "127\.0\.0\.1")/, '$1\npublic_address = "203.0.113.9"'),
    ),
    first: /^J02-other/,
    status: 'critical',
  },
  {
    name: 'the front does not pass WebSockets on',
    system: 'jitsi',
    inject: (bench) => web(bench, (text) => text.replace('location = /xmpp-websocket', 'location = /ws')),
    heal: (bench) => web(bench, (text) => text),
    first: /^J01-websocket/,
    status: 'critical',
  },
  {
    name: 'fewer bridges work than the site wants',
    system: 'jitsi',
    ...inventory((text) => text.replace('participants = 60', 'participants = 60\njvbs = 3')),
    first: /^J13-no-spare/,
    status: 'warning',
  },
  {
    name: 'two bridges have one address and port',
    system: 'jitsi',
    inject: (bench) => {
      const [first, second] = bench.jitsi.bridges;
      bench.writeInventory((text) =>
        text.replace(`media_port = ${second!.udpPort}`, `media_port = ${first!.udpPort}`),
      );
    },
    heal: (bench) => bench.writeInventory(),
    first: /^J02-shared/,
    status: 'critical',
  },
];
