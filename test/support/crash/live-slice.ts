import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openLiveBench, until, type LiveBench } from '../live/bench.js';
import { probe } from '../live/media.js';
import type { CrashTally } from './scenario.js';
import { leftIn, privateTemporary, processesOf, straysOf, type Trace } from './traces.js';

export interface LiveEffort {
  /** Lives, one after another, each from its start to its recording. */
  readonly lives: number;
  /** Passes killed while a live starts, while it is on air, and while it is brought to its end. */
  readonly passes: { readonly start: number; readonly onAir: number; readonly end: number };
  /** Keepers killed in each live. */
  readonly keepers: number;
  readonly seconds?: number;
}

/**
 * `live run` killed at random moments of its passes, and keepers killed. After the next pass there is one keeper with
 * one encoder; after the end one whole recording, and nothing of ours runs or lies about.
 */
export async function proveLive(effort: LiveEffort): Promise<CrashTally> {
  const temporary = privateTemporary();
  const bench = await openLiveBench({ generation: 'bbb' }, { temporary });
  const tally = { kills: 0, tooLate: 0 };
  const differences: string[] = [];
  const startedAt = Date.now();
  try {
    bench.configure({ keeper_silence: 30 });
    for (let i = 0; i < effort.lives && Date.now() - startedAt < (effort.seconds ?? Infinity) * 1000; i++) {
      const stage = new Stage(bench, temporary, `m${i}`, tally, (what) =>
        differences.push(`live ${i + 1}: ${what}`),
      );
      await stage.play(effort).catch((error: unknown) => {
        differences.push(`live ${i + 1}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  } finally {
    await bench.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
  return { name: 'live run, passes and keepers', ...tally, differences };
}

interface Tally {
  kills: number;
  tooLate: number;
}

/** One live. */
class Stage {
  readonly #bench: LiveBench;
  readonly #temporary: string;
  readonly #meeting: string;
  readonly #tally: Tally;
  readonly #differ: (what: string) => void;
  #podId = 0;

  constructor(
    bench: LiveBench,
    temporary: string,
    meeting: string,
    tally: Tally,
    differ: (what: string) => void,
  ) {
    this.#bench = bench;
    this.#temporary = temporary;
    this.#meeting = meeting;
    this.#tally = tally;
    this.#differ = differ;
  }

  async play({ passes, keepers }: LiveEffort): Promise<void> {
    const { bbb, pod } = this.#bench;
    const facts = { meetingId: this.#meeting, name: 'Chimie', toneHz: 440, colour: '#c00000' };
    const { internalMeetingId } = bbb.createMeeting(facts);
    this.#podId = pod.addLive({ ...facts, internalMeetingId, download: true });
    const film = path.join(this.#bench.recordings, `${internalMeetingId}.mkv`);
    await this.#killPasses(passes.start, 1300);
    await this.#onAir('killed while it started');
    const [keeper, at] = [this.#keepers()[0]?.pid, Date.now()];
    await this.#killPasses(passes.onAir, 600);
    await this.#onAir('passes killed on air');
    const id = this.#live()?.job.id ?? '';
    // A stall alone may be the machine's: what was killed is told as dead.
    const same = keeper === this.#keepers()[0]?.pid && this.#bench.loggedAt(id, /child-died/, at) === null;
    if (!same) this.#differ('kills of passes touched the keeper');
    for (let i = 0; i < keepers; i++) {
      await pause(1500 * Math.random());
      this.#kill(this.#keepers()[0]);
      // The next pass comes at once, or the children of the dead keeper have had their time.
      await pause(i % 2 === 0 ? 0 : 1500);
      await this.#onAir('keeper killed');
    }
    const seconds = (this.#live()?.status?.progress?.outMs ?? 0) / 1000;
    bbb.endMeeting(this.#meeting);
    await until('it ended', () => this.#live()?.keeperAlive === false);
    await this.#killPasses(passes.end, 1200, () => this.#live() === undefined);
    // A pass that was killed when all was done leaves its lock; the next one, which always comes, takes it.
    for (let i = 0; i === 0 || (i < 3 && this.#live() !== undefined); i++) await this.#pass();
    await this.#nothingLeft(film, seconds);
  }

  /** Whole passes until it is on air again: one keeper, one encoder, one broadcaster, Pod knows. */
  async #onAir(after: string): Promise<void> {
    const isOn = (): boolean => this.#live()?.status?.phase === 'on-air' && this.#keepers().length === 1;
    // The status of a dead keeper says "on air" until the next pass starts another one.
    for (let i = 0; i === 0 || (i < 3 && !isOn()); i++) {
      await this.#pass();
      await until('on air', isOn, 30_000).catch(() => undefined);
    }
    await this.#pass();
    const row = this.#bench.pod.livestreams.get(this.#podId);
    const found = {
      phase: this.#live()?.status?.phase,
      keepers: this.#keepers().length,
      encoders: this.#encoders().length,
      broadcasters: this.#bench.pod.broadcasters.size,
      pod: row?.['status'],
    };
    const wanted = { phase: 'on-air', keepers: 1, encoders: 1, broadcasters: 1, pod: 1 };
    if (JSON.stringify(found) !== JSON.stringify(wanted)) this.#differ(`${after}: ${JSON.stringify(found)}`);
  }

  async #nothingLeft(film: string, leastSeconds: number): Promise<void> {
    const strays = await straysOf(this.#temporary, [], 8000);
    const { pod, recordings, store } = this.#bench;
    const files = readdirSync(recordings);
    const left = [
      ...readdirSync(path.join(store.root, 'lives')),
      ...readdirSync(store.root).filter((name) => /\.tmp$|\.lock|\.stale$/.test(name)),
      ...files.filter((name) => name.endsWith('.part')),
      ...recordingsBelow(store.root),
      ...leftIn(this.#temporary),
      ...strays.map(({ command }) => command),
    ];
    if (left.length > 0) this.#differ(`left behind: ${left.join(', ')}`);
    if (pod.broadcasters.size > 0) this.#differ(`${pod.broadcasters.size} broadcasters left in Pod`);
    if (pod.livestreams.get(this.#podId)?.['status'] !== 2) this.#differ('not closed in Pod');
    if (files.filter((name) => path.join(recordings, name) === film).length !== 1)
      this.#differ(`recordings: ${files.join(', ') || 'none'}`);
    else {
      const { seconds, kinds } = await probe(film);
      if (seconds < leastSeconds - 2 || kinds.length !== 2)
        this.#differ(
          `its recording has ${kinds.join('+')} of ${seconds} s, at least ${leastSeconds} expected`,
        );
    }
    for (const name of files) rmSync(path.join(recordings, name));
  }

  /** Starts passes and kills each at a random moment; none waits for anything between. */
  async #killPasses(count: number, withinMs: number, enough: () => boolean = () => false): Promise<void> {
    for (let i = 0; i < count && !enough(); i++) {
      const { file, args, env } = this.#bench.command('live', 'run');
      const child = spawn(file, args, {
        env: { PATH: process.env['PATH'] ?? '', HOME: this.#bench.directory, ...env },
        stdio: 'ignore',
      });
      const end = new Promise((resolve) => child.once('close', resolve));
      const timer = setTimeout(() => child.kill('SIGKILL'), 100 + withinMs * Math.random());
      await end;
      clearTimeout(timer);
      this.#count(child.signalCode === 'SIGKILL');
    }
  }

  async #pass(): Promise<void> {
    const { code, stderr } = await this.#bench.run('live', 'run');
    if (code !== 0) this.#differ(`a pass ended with ${String(code)}: ${stderr.slice(-200)}`);
  }

  #kill(one: Trace | undefined): void {
    let hit = false;
    try {
      hit = one !== undefined && process.kill(one.pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
    this.#count(hit);
  }

  #count(hit: boolean): void {
    this.#tally[hit ? 'kills' : 'tooLate']++;
  }

  readonly #live = () => this.#bench.store.list().find(({ job }) => job.podId === this.#podId);
  readonly #keepers = (): Trace[] =>
    processesOf(this.#temporary).filter(({ command }) => / live keep /.test(command));
  readonly #encoders = (): Trace[] =>
    processesOf(this.#temporary).filter(({ command }) => /^\S*ffmpeg /.test(command));
}

function recordingsBelow(root: string): string[] {
  try {
    return readdirSync(path.join(root, 'recordings')).map((name) => `recordings/${name}`);
  } catch {
    return [];
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
