import { groupBy } from '../../kit/groups.js';
import type { Outcome } from '../../kit/outcome.js';
import type { PodTargets, QueueTarget } from '../check/targets.js';
import type { WebAnswer, WebRequest } from '../check/web-facts.js';
import { videoOf, type QueuedMessage } from './facts.js';
import type { BrokerFacts, PodFacts, QueuedFile, ShareFacts, ShareState } from './run-facts.js';

/** What the checks of Pod's workers need of the outside. Each question is bounded in time and never throws. */
export interface PodPorts {
  broker(
    targets: readonly QueueTarget[],
    options: { readonly passive: boolean; readonly probe: boolean },
  ): Promise<BrokerFacts>;
  share(path: string): Promise<Outcome<ShareState>>;
  /** Writes a file under the first path and looks for it under the others; removes it. */
  sentinel(written: string, read: readonly string[]): Promise<readonly Outcome<boolean>[]>;
  /** Whether a file is there, and how long it plays; null for its duration when ffprobe cannot tell. */
  file(path: string): Promise<{ readonly exists: boolean; readonly durationSeconds: number | null }>;
  /** Text of a file of this machine. */
  text(path: string): Promise<Outcome<string>>;
  missingPrograms(names: readonly string[]): Promise<readonly string[]>;
  web(request: WebRequest): Promise<Outcome<WebAnswer>>;
  now(): number;
}

/** Programs that Pod's workers call, by kind. */
const PROGRAMS: Readonly<Record<QueueTarget['kind'], readonly string[]>> = {
  encoding: ['ffmpeg', 'ffprobe', 'ffmpegthumbnailer', 'convert'],
  transcripting: ['ffmpeg', 'sox'],
  xapi: [],
  main: ['ffmpeg', 'ffprobe'],
};
const MAX_FILES = 12;

/** Looks at brokers, workers, share, Pod's REST and the LRS, side by side. */
export async function gatherPod(
  targets: PodTargets,
  options: { readonly passive: boolean; readonly probe: boolean },
  ports: PodPorts,
): Promise<PodFacts> {
  const groups = [...groupBy(targets.queues, ({ broker }) => broker.reveal()).values()];
  const programs = [...new Set(targets.localRoles.flatMap((kind) => PROGRAMS[kind]))];
  const shares = gatherShares(targets, options.probe, ports);
  const brokers = Promise.all(groups.map((queues) => ports.broker(queues, options)));
  const [brokerFacts, shareFacts, files, missingPrograms, api, settings, lrs] = await Promise.all([
    brokers,
    shares,
    gatherFiles(brokers, shares, ports),
    programs.length === 0 ? null : ports.missingPrograms(programs),
    gatherApi(targets, ports),
    targets.settingsFile === null ? null : ports.text(targets.settingsFile),
    gatherLrs(targets, ports),
  ]);
  return {
    at: ports.now(),
    brokers: brokerFacts,
    shares: shareFacts,
    files,
    missingPrograms,
    api,
    settings,
    ...lrs,
  };
}

async function gatherShares(targets: PodTargets, probe: boolean, ports: PodPorts): Promise<ShareFacts[]> {
  const { shares } = targets;
  const states = await Promise.all(shares.map(({ path }) => ports.share(path)));
  const backend = shares.find(({ side }) => side === 'backend');
  const sentinels =
    probe && backend !== undefined
      ? await ports.sentinel(
          backend.path,
          shares.map(({ path }) => path),
        )
      : [];
  return shares.flatMap((share, i) => {
    const state = states[i];
    return state === undefined ? [] : [{ ...share, state, sentinel: sentinels[i] ?? null }];
  });
}

/** Files of waiting jobs, when the share is visible here: they must exist under the very path that was queued. */
async function gatherFiles(
  brokers: Promise<BrokerFacts[]>,
  shares: Promise<ShareFacts[]>,
  ports: PodPorts,
): Promise<QueuedFile[] | null> {
  const visible = (await shares).filter(({ state }) => state.ok);
  if (visible.length === 0) return null;
  const messages = (await brokers).flatMap(({ contents }) =>
    contents?.ok === true ? contents.value.queues.flatMap(({ next }) => next) : [],
  );
  const named = messages.flatMap((message) => {
    const path = filePathOf(message);
    return path !== null && visible.some((share) => path.startsWith(`${share.path}/`))
      ? [{ message, path }]
      : [];
  });
  return Promise.all(
    named.slice(0, MAX_FILES).map(async ({ message, path }) => ({
      path,
      queue: message.queue,
      videoId: videoOf(message),
      ...(await ports.file(path)),
    })),
  );
}

/** The media file that a job of Pod reads: its second argument. */
export function filePathOf({
  task,
  arguments: given,
}: Pick<QueuedMessage, 'task' | 'arguments'>): string | null {
  if (!/start_(encoding|transcripting)_task$/.test(task)) return null;
  const [, file] = given;
  return typeof file === 'string' && file.startsWith('/') ? file : null;
}

function gatherApi({ api }: PodTargets, ports: PodPorts): Promise<Outcome<WebAnswer>> | null {
  if (api === null) return null;
  const headers: Record<string, string> =
    api.token === null ? {} : { authorization: `Token ${api.token.reveal()}` };
  return ports.web({ url: api.url, headers: { accept: 'application/json', ...headers } });
}

async function gatherLrs(
  { lrs }: PodTargets,
  ports: PodPorts,
): Promise<Pick<PodFacts, 'lrsAbout' | 'lrsStatements'>> {
  if (lrs === null) return { lrsAbout: null, lrsStatements: null };
  const base = lrs.url.replace(/\/(statements\/?)?$/, '');
  const headers: Record<string, string> = { 'x-experience-api-version': '1.0.3' };
  if (lrs.user !== null) {
    const pair = `${lrs.user}:${lrs.password?.reveal() ?? ''}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const [lrsAbout, lrsStatements] = await Promise.all([
    ports.web({ url: `${base}/about` }),
    ports.web({ url: `${base}/statements?limit=1`, headers }),
  ]);
  return { lrsAbout, lrsStatements };
}
