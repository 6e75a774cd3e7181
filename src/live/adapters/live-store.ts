import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { ChatOrder, KeeperJob, KeeperStatus } from '../keeper/keeper-port.js';
import type { SeenClaims } from '../claims.js';
import type { KeptOrder } from '../kept-orders.js';
import type { EndReason } from '../live.js';
import type { LiveStore, PassMemory, PassRecord, StoredLive } from '../pass-port.js';
import { isAlive, readStartTime, type ProcessIdentity } from '../../kit/adapters/process/identity.js';
import { allBelow } from '../../kit/adapters/files/all-below.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import { takeProcessLock } from '../../kit/adapters/process/process-lock.js';

/**
 * Lives in the state directory, one folder each, mode 0700: `job.json` (what the keeper does), `record.json`
 * (what passes remember), `keeper.json` (pid and start time), `children.json` (those of its programs), `status.json` (what the
 * keeper tells), `keeper.lock` (whoever keeps it now), `stop` (an order), `chat/` (messages that wait). Every file is replaced by rename: a crash leaves the old or the new one.
 */
export class LiveDirectory implements LiveStore {
  readonly root: string;
  /** Children that this very keeper wrote down already. */
  readonly #noted = new Set<number>();

  constructor(stateDirectory: string) {
    this.root = path.join(stateDirectory, 'live');
    makeDirectory(path.join(this.root, 'lives'));
    makeDirectory(path.join(this.root, 'logs'));
  }

  list(): StoredLive[] {
    return readdirSync(path.join(this.root, 'lives'))
      .filter(isLiveId)
      .sort()
      .flatMap((id) => {
        const job = readJson<KeeperJob>(this.#file(id, 'job.json'));
        const record = readJson<PassRecord>(this.#file(id, 'record.json'));
        if (job === null || record === null) return []; // a creation that was cut short: it starts anew
        const status = this.status(id);
        return [
          { job, record, status, keeperAlive: this.#keeperAlive(id), heardAt: this.#heardAt(id, status) },
        ];
      });
  }

  create(job: KeeperJob, record: PassRecord): void {
    rmSync(this.#file(job.id), { recursive: true, force: true });
    makeDirectory(this.#file(job.id, 'chat'));
    writeJson(this.#file(job.id, 'record.json'), record);
    writeJson(this.#file(job.id, 'job.json'), job);
  }

  update(id: string, patch: Partial<PassRecord>): void {
    const record = readJson<PassRecord>(this.#file(id, 'record.json'));
    if (record !== null) writeJson(this.#file(id, 'record.json'), { ...record, ...patch });
  }

  remove(id: string): void {
    rmSync(this.#file(id), { recursive: true, force: true });
  }

  memory(): PassMemory {
    const empty: PassMemory = { orphanAbsences: {}, told: {}, handedOver: [] };
    return { ...empty, ...readJson<PassMemory>(path.join(this.root, 'memory.json')) };
  }

  remember(memory: PassMemory): void {
    writeJson(path.join(this.root, 'memory.json'), memory);
  }

  job(id: string): KeeperJob | null {
    return isLiveId(id) ? readJson<KeeperJob>(this.#file(id, 'job.json')) : null;
  }

  status(id: string): KeeperStatus | null {
    return readJson<KeeperStatus>(this.#file(id, 'status.json'));
  }

  /** Not flushed to disk: it is written every second and worth nothing after a crash of the machine. */
  writeStatus(id: string, status: KeeperStatus): void {
    if (!existsSync(this.#file(id))) return;
    this.#noteChildren(id, Object.values(status.children));
    writeJson(this.#file(id, 'status.json'), status, false);
  }

  /** Programs that a keeper of this live started and that still run. */
  children(id: string): ProcessIdentity[] {
    const noted = readJson<ProcessIdentity[]>(this.#file(id, 'children.json')) ?? [];
    return noted.filter(({ pid, startTime }) => isAlive(pid, startTime));
  }

  /** Who holds its lock; else who was started last, and may not have come so far. */
  keeper(id: string): ProcessIdentity | null {
    const holder = readJson<ProcessIdentity>(this.#file(id, 'keeper.lock'));
    if (holder !== null && isAlive(holder.pid, holder.startTime)) return holder;
    return readJson<ProcessIdentity>(this.#file(id, 'keeper.json'));
  }

  /**
   * A pass that is killed between starting a keeper and noting it makes the next pass start another one: the first of
   * them to lock the live keeps it, for as long as it runs.
   * @returns false when another one keeps it
   */
  lockKeeper(id: string): boolean {
    return !('heldBy' in takeProcessLock(this.#file(id, 'keeper.lock')));
  }

  /**
   * Removes what killed passes and keepers left half-written: files that were never renamed, lives whose creation was cut
   * short. Only for who holds the lock of a pass.
   */
  sweep(): void {
    for (const { file } of allBelow(this.root)) {
      const pid = /\.(\d+)(?:\.tmp|\.stale)?$/.exec(path.basename(file))?.[1];
      const ours = /\.(?:tmp|stale)$|\.lock\.\d+$/.test(file);
      if (ours && pid !== undefined && readStartTime(Number(pid)) === null) rmSync(file, { force: true });
    }
    for (const id of readdirSync(path.join(this.root, 'lives')).filter(isLiveId))
      if (!existsSync(this.#file(id, 'job.json'))) this.remove(id);
  }

  setKeeper(id: string, keeper: ProcessIdentity): void {
    rmSync(this.#file(id, 'status.json'), { force: true });
    writeJson(this.#file(id, 'keeper.json'), keeper);
  }

  askToStop(id: string, reason: EndReason): void {
    writeJson(this.#file(id, 'stop'), reason);
  }

  stopAsked(id: string): EndReason | null {
    return readJson<EndReason>(this.#file(id, 'stop'));
  }

  /** An order that holds until it is taken back, also for the keeper after this one. */
  setPaused(id: string, on: boolean): void {
    if (on) writeJson(this.#file(id, 'paused'), true);
    else rmSync(this.#file(id, 'paused'), { force: true });
  }

  isPaused(id: string): boolean {
    return existsSync(this.#file(id, 'paused'));
  }

  /** Leaves a chat message for a live's keeper. At most 200 wait. */
  putChat(id: string, order: ChatOrder): boolean {
    const directory = this.#file(id, 'chat');
    if (!existsSync(directory) || readdirSync(directory).length >= 200) return false;
    writeJson(
      path.join(directory, `${String(Date.now()).padStart(15, '0')}-${process.hrtime.bigint()}`),
      order,
      false,
    );
    return true;
  }

  takeChat(id: string): ChatOrder[] {
    const directory = this.#file(id, 'chat');
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .filter((name) => !name.endsWith('.tmp'))
      .sort()
      .flatMap((name) => {
        const order = readJson<ChatOrder>(path.join(directory, name));
        rmSync(path.join(directory, name), { force: true });
        return order === null ? [] : [order];
      });
  }

  /** What the gateway was told, by room. */
  /** Their directory is called as it was in earlier versions. */
  keptOrders(): KeptOrder[] {
    const directory = path.join(this.root, 'wishes');
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((name) => readJson<KeptOrder>(path.join(directory, name)) ?? []);
  }

  /** The room's form was checked by the gateway: it is a file name. */
  keepOrder(order: KeptOrder): void {
    makeDirectory(path.join(this.root, 'wishes'));
    writeJson(path.join(this.root, 'wishes', `${order.room}.json`), order);
  }

  dropOrder(room: string): void {
    rmSync(path.join(this.root, 'wishes', `${room}.json`), { force: true });
  }

  seenClaims(): SeenClaims {
    return readJson<SeenClaims>(path.join(this.root, 'claims-seen.json')) ?? {};
  }

  saveSeenClaims(seen: SeenClaims): void {
    writeJson(path.join(this.root, 'claims-seen.json'), seen, false);
  }

  /** Removes the logs of lives that are over for longer than that. */
  pruneLogs(olderThanMs: number): void {
    for (const name of ['logs', 'screenshots', 'pictures'])
      this.#prune(path.join(this.root, name), olderThanMs);
  }

  #prune(directory: string, olderThanMs: number): void {
    if (!existsSync(directory)) return;
    const current = new Set(readdirSync(path.join(this.root, 'lives')));
    for (const name of readdirSync(directory)) {
      const file = path.join(directory, name);
      const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > olderThanMs && !current.has(name.split('.')[0] ?? '')) rmSync(file, { force: true });
    }
  }

  /** Asks a watching supervisor for a pass at once. */
  knock(): void {
    writeFileSync(path.join(this.root, 'knock'), '', { mode: 0o600 });
  }

  /** The page that did not let the bot in; replaced by the next one. @returns its path */
  keepScreenshot(id: string, png: Uint8Array): string {
    const directory = path.join(this.root, 'screenshots');
    makeDirectory(directory);
    const file = path.join(directory, `${id}.png`);
    rmSync(file, { force: true });
    writeFileSync(file, png, { mode: 0o600 });
    return file;
  }

  /** The last good picture of a live on air. */
  lastPictureFile(id: string): string {
    makeDirectory(path.join(this.root, 'pictures'));
    return path.join(this.root, 'pictures', `${id}.jpg`);
  }

  logFile(id: string): string {
    return path.join(this.root, 'logs', `${id}.log`);
  }

  #noteChildren(id: string, pids: readonly number[]): void {
    const fresh = pids.filter((pid) => !this.#noted.has(pid));
    if (fresh.length === 0) return;
    fresh.forEach((pid) => this.#noted.add(pid));
    const identities = fresh.flatMap((pid) => {
      const startTime = readStartTime(pid);
      return startTime === null ? [] : [{ pid, startTime }];
    });
    writeJson(this.#file(id, 'children.json'), [...this.children(id), ...identities]);
  }

  #heardAt(id: string, status: KeeperStatus | null): number {
    const started = statSync(this.#file(id, 'keeper.json'), { throwIfNoEntry: false });
    return Math.max(status?.updatedAt ?? 0, started?.mtimeMs ?? 0);
  }

  #keeperAlive(id: string): boolean {
    const keeper = this.keeper(id);
    return keeper !== null && isAlive(keeper.pid, keeper.startTime);
  }

  #file(id: string, name = ''): string {
    return path.join(this.root, 'lives', id, name);
  }
}

/** Ids become file names: letters, digits and dashes alone. */
const isLiveId = (id: string): boolean => /^[a-z][a-z0-9-]{0,80}$/.test(id);

/** Null for a missing or broken file: our own files are only ever broken by a dying disk. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- our own files, our own shapes
function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}

function writeJson(file: string, value: unknown, durable = true): void {
  const temporary = `${file}.${process.pid}.tmp`;
  const text = JSON.stringify(value);
  if (durable) {
    const descriptor = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } else writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
