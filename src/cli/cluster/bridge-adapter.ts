import { readStatistics } from '../../cluster/adapters/jitsi/rest.js';
import { askWeb } from '../../cluster/adapters/network/web.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';
import type { ClusterTargets } from '../../cluster/check/targets.js';
import type { BridgePort } from '../../cluster/drain/apply-drain.js';
import type { Inventory } from '../../cluster/inventory/schema.js';
import { observeBridges } from '../../cluster/plan/observe.js';
import { messageOf, type OperatorError } from '../../kit/errors/operator-error.js';
import type { Context } from '../kit/context.js';
import { openCheckPorts } from './check-ports.js';
import { clusterOperationTexts } from '../../cluster/texts/operation.js';
import { words } from './words.js';

/** Limit of one question to a bridge. */
const STEP_MS = 5000;

/** Bridges that would stay at work: as jicofo or the bridges say, else as cluster.toml lists them. */
export async function otherBridges(
  context: Context,
  { jitsi, maintenance }: ClusterTargets,
  name: string,
): Promise<{ count: number; told: string }> {
  const listed = (jitsi?.bridges ?? [])
    .map((bridge) => bridge.name)
    .filter((other) => other !== name && !maintenance.includes(other));
  if (jitsi === null) return { count: listed.length, told: words.noJitsi() };
  const { ffprobe } = context.configuration.recorder;
  const ports = openCheckPorts({ timeoutMs: STEP_MS, ffprobe, signal: context.signal });
  const seen = await observeBridges(jitsi, ports);
  if (!seen.ok)
    return {
      count: listed.length,
      told: words.othersUnseen({ listed: listed.length, why: seen.why }),
    };
  const names = seen.names.filter((other) => other !== name && !maintenance.includes(other));
  return {
    count: names.length,
    told: words.atWorkBesides({ names: names.join(', ') || words.none(), by: seen.by }),
  };
}

/** The bridge's REST: straight, or by curl on the node when it listens on its loopback only. */
export function bridgeAdapter(context: Context, { jitsi }: Inventory, name: string): BridgePort {
  const jvb = jitsi?.jvbs[name];
  if (jvb === undefined) throw new TypeError(`no bridge ${name}`);
  const { rest_url: url, ssh } = jvb;
  const signal = (): AbortSignal => AbortSignal.any([context.signal, AbortSignal.timeout(STEP_MS)]);
  const remote = async (args: readonly string[]): Promise<string> => {
    const { stdout } = await runToEnd({
      file: 'ssh',
      args: ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5', '--', ssh ?? '', 'curl', '-sf', ...args],
      timeLimitMs: STEP_MS * 2,
      signal: context.signal,
    });
    return stdout.toString('utf8');
  };
  const refused = (command: string, error: unknown): OperatorError => {
    context.signal.throwIfAborted();
    return clusterOperationTexts.clusterCommandRefused({
      target: name,
      command,
      detail: messageOf(error, words.noAnswer()),
    });
  };
  return {
    setDrain: async (on) => {
      const path = `/colibri/drain/${on ? 'enable' : 'disable'}`;
      try {
        if (ssh !== undefined) {
          await remote(['-X', 'POST', `${url}${path}`]);
          return;
        }
        const { status } = await askWeb({ url: new URL(path, url).href, method: 'POST' }, signal());
        if (status === 404)
          throw new Error(
            'it answers 404: no drain before 2022, or the COLIBRI part of its REST is off. On the node: /usr/share/jitsi-videobridge/graceful_shutdown.sh',
          );
        if (status < 200 || status > 299) throw new Error(`it answers ${status}`);
      } catch (error) {
        throw refused(`POST ${url}${path}`, error);
      }
    },
    read: async () => {
      try {
        const said =
          ssh === undefined
            ? await readStatistics(url, signal())
            : (JSON.parse(await remote([`${url}/colibri/stats`])) as Record<string, unknown>);
        const number = (key: string): number => (typeof said[key] === 'number' ? said[key] : 0);
        return {
          participants: Math.max(0, number('participants') - number('octo_endpoints')),
          draining: said['drain'] === true,
        };
      } catch (error) {
        throw refused(`GET ${url}/colibri/stats`, error);
      }
    },
  };
}
