import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openLiveBench, until, type LiveBench } from '../live/bench.js';
import { probe } from '../live/media.js';
import { complaintOf, type DependencyRow } from './dependency.js';
import { startFaultProxy, type FaultMode, type FaultProxy } from './fault-proxy.js';
import { privateTemporary, processesOf, straysOf } from './traces.js';

const MODES: readonly FaultMode[] = ['refuse', 'cut', 'hang', 'slow'];
/** Longer than the RTMP server and the encoder wait for each other (`stall`). */
const RTMP_AWAY_MS = 4000;

/** BBB's API and Pod's REST taken from passes and keeper, the RTMP server from the encoder: one live through it all. */
export async function proveLiveDependencies(): Promise<DependencyRow[]> {
  const temporary = privateTemporary();
  const bench = await openLiveBench({ generation: 'bbb' }, { temporary });
  const proxies = {
    bbb: await startFaultProxy(addressOf(bench.bbb.url)),
    pod: await startFaultProxy(addressOf(bench.pod.url)),
    rtmp: await startFaultProxy(addressOf(bench.nginx.rtmpUrl)),
  };
  try {
    const through = (url: string, { port }: FaultProxy): string =>
      url.replace(`:${addressOf(url).port}`, `:${port}`);
    const config = bench.configure({ rtmp_url: through(bench.nginx.rtmpUrl, proxies.rtmp) });
    writeFileSync(
      config,
      readFileSync(config, 'utf8')
        .replace(bench.bbb.url, through(bench.bbb.url, proxies.bbb))
        .replace(bench.pod.url, through(bench.pod.url, proxies.pod)),
    );
    const facts = { meetingId: 'm', name: 'Chimie', toneHz: 440, colour: '#c00000' };
    const { internalMeetingId } = bench.bbb.createMeeting(facts);
    const id = bench.pod.addLive({ ...facts, internalMeetingId, download: true });
    const live = () => bench.store.list().find(({ job }) => job.podId === id);
    await bench.run('live', 'run');
    await until('on air', () => live()?.status?.phase === 'on-air', 90_000);
    const rows = [
      await ofPasses('BBB’s API', proxies.bbb, bench, temporary),
      await ofPasses('Pod’s REST', proxies.pod, bench, temporary),
      await ofStream(proxies.rtmp, bench, temporary),
    ];
    bench.bbb.endMeeting('m');
    await until('it ended', () => live()?.keeperAlive === false, 60_000);
    for (let i = 0; i < 3 && live() !== undefined; i++) await bench.run('live', 'run');
    const films = readdirSync(bench.recordings);
    const seconds = films.length === 1 ? (await probe(path.join(bench.recordings, films[0]!))).seconds : 0;
    const strays = await straysOf(temporary, [], 8000);
    const wrong = [
      ...(films.length === 1 && seconds > 10 ? [] : [`recordings: ${films.join(', ')} of ${seconds} s`]),
      ...(live() === undefined ? [] : ['the live is not over']),
      ...(bench.pod.livestreams.get(id)?.['status'] === 2 ? [] : ['not closed in Pod']),
      ...strays.map(({ command }) => `still running: ${command}`),
    ];
    return rows.map((row, i) => (i === 2 ? { ...row, differences: [...row.differences, ...wrong] } : row));
  } finally {
    for (const proxy of Object.values(proxies)) await proxy.close();
    await bench.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url.replace(/^rtmp:/, 'http:'));
  return { host: hostname, port: Number(port) };
}

const keepersOf = (temporary: string): number[] =>
  processesOf(temporary)
    .filter(({ command }) => / live keep /.test(command))
    .map(({ pid }) => pid);

/** A pass without the system, then one with it: the keeper goes on untouched. */
async function ofPasses(
  dependency: string,
  proxy: FaultProxy,
  bench: LiveBench,
  temporary: string,
): Promise<DependencyRow> {
  const differences: string[] = [];
  const tally = { faults: 0, through: 0, told: 0 };
  const keepers = keepersOf(temporary);
  for (const mode of MODES) {
    const before = bench.store.list()[0]?.status;
    proxy.set(mode);
    // Held back for a while only: a pass has ten seconds for each question.
    const back = mode === 'hang' ? setTimeout(() => proxy.set('through'), 1500) : undefined;
    const { code, stdout, stderr } = await bench.run('live', 'run');
    clearTimeout(back);
    tally.faults++;
    tally[code === 0 ? 'through' : 'told']++;
    const unclear = complaintOf({ status: code, stdout, stderr });
    if (unclear !== null) differences.push(`${mode}: ${unclear}`);
    proxy.set('through');
    const next = await bench.run('live', 'run');
    if (next.code !== 0) differences.push(`${mode}: the next pass ended with ${String(next.code)}`);
    const now = bench.store.list()[0]?.status;
    const same = JSON.stringify(keepersOf(temporary)) === JSON.stringify(keepers);
    if (!same || now?.phase !== 'on-air' || now.repairs !== before?.repairs)
      differences.push(`${mode}: keeper touched, ${now?.phase ?? 'no live'}, ${now?.repairs ?? 0} repairs`);
  }
  return { dependency, command: 'live run', ...tally, differences };
}

/** The stream comes back by itself, with the same keeper and one encoder. */
async function ofStream(proxy: FaultProxy, bench: LiveBench, temporary: string): Promise<DependencyRow> {
  const differences: string[] = [];
  const tally = { faults: 0, through: 0, told: 0 };
  const keepers = keepersOf(temporary);
  const status = () => bench.store.list()[0]?.status;
  for (const mode of MODES) {
    tally.faults++;
    const incidents = new Set<string>();
    const watch = setInterval(() => status()?.incidents.forEach(({ code }) => incidents.add(code)), 200);
    proxy.set(mode);
    await new Promise((resolve) => setTimeout(resolve, RTMP_AWAY_MS));
    proxy.set('through');
    const isBack = (): boolean => status()?.phase === 'on-air' && status()?.rtmp === 'ok';
    await until('the stream is back', isBack, 40_000).catch(() =>
      differences.push(`${mode}: not back: ${JSON.stringify(status() ?? null).slice(0, 300)}`),
    );
    clearInterval(watch);
    tally[incidents.size === 0 ? 'through' : 'told']++;
    if (JSON.stringify(keepersOf(temporary)) !== JSON.stringify(keepers))
      differences.push(`${mode}: another keeper`);
    const encoders = processesOf(temporary).filter(({ command }) => /^\S*ffmpeg /.test(command));
    if (encoders.length !== 1) differences.push(`${mode}: ${encoders.length} encoders`);
  }
  return { dependency: 'RTMP server', command: 'live run (keeper)', ...tally, differences };
}
