/* What tests and figures of `moodle annotate` share: a site opened for reading and writing, a journal, a policy. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openMoodleReader } from '../../src/moodle-site/reader.js';
import { openMoodleWriter } from '../../src/moodle-site/writer.js';
import { packageRoot } from '../../src/kit/adapters/files/package-files.js';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import type { BatchResult } from '../../src/kit/batch/apply.js';
import type { Journal } from '../../src/kit/batch/journal.js';
import { Secret } from '../../src/kit/config/secret.js';
import { planAnnotations } from '../../src/moodle/plan-annotations.js';
import { applyAnnotations } from '../../src/moodle/apply-annotations.js';
import { parseFragment } from '../../src/moodle/notice/parse-fragment.js';
import type { NoticePolicy } from '../../src/moodle/plan-annotation.js';
import type { AnnotatedRecording } from '../../src/moodle/annotated-recording.js';
import type { MoodleReader, MoodleWriter } from '../../src/moodle/ports.js';
import { undoAnnotations, type UndoneActivity } from '../../src/moodle/undo-annotations.js';
import type { Seed } from './moodle-site.js';
import type { TestDatabase } from './servers.js';

const notices = path.join(packageRoot(), 'config/notices');
const fragment = (language: string) =>
  parseFragment(readFileSync(path.join(notices, `${language}.html`), 'utf8'), `${language}.html`);

export const noticePolicy = (over: Partial<NoticePolicy> = {}): NoticePolicy => ({
  campaign: 'test',
  fragments: { fr: fragment('fr'), en: fragment('en') },
  language: 'course',
  replace: false,
  links: false,
  replaceLegacy: false,
  includeHidden: true,
  storesAllCharacters: true,
  values: {
    podUrl: 'https://pod.univ.example',
    importUrl: 'https://pod.univ.example/import_video/',
    claimUrl: 'https://pod.univ.example/record/claim_record/',
    contact: 'pod@univ.example',
    today: { fr: '20/11/2026', en: '2026-11-20' },
  },
  renderDay: (at) => new Date(at).toISOString().slice(0, 10),
  ...over,
});

export const listed = (title = 'Cours <script>alert("1")</script> \u202e🎓 \'&'): AnnotatedRecording => ({
  recordId: 'a'.repeat(40) + '-1690000000000',
  title,
  startAt: 1_690_000_000_000,
  url: 'https://bbb.univ.example/playback/presentation/2.3/x?a="1"&b=2',
  groupId: 0,
  isShown: true,
  isHidden: false,
});

export interface AnnotateSite {
  readonly reader: MoodleReader;
  readonly writer: MoodleWriter;
  readonly journal: Journal;
  readonly target: string;
  annotate(run: string, ids: readonly number[], options?: AnnotateOptions): Promise<BatchResult>;
  undo(run?: string): Promise<Record<UndoneActivity['state'], number>>;
  /** Intros by activity id, NULL kept apart. */
  intros(): Promise<Map<number, string | null>>;
  close(): Promise<void>;
}

interface AnnotateOptions {
  readonly policy?: Partial<NoticePolicy>;
  readonly writer?: MoodleWriter;
  readonly journal?: Journal;
  readonly signal?: AbortSignal;
  readonly title?: string;
  readonly recording?: Partial<AnnotatedRecording>;
  readonly onItem?: () => void;
}

export async function openAnnotateSite(
  database: Pick<TestDatabase, 'url' | 'admin'>,
  url = database.url,
  ownState?: string,
): Promise<AnnotateSite> {
  const state = ownState ?? mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-annotate-'));
  const open = (text: string) =>
    openDatabase(databaseSettings('[moodle.default]', { database: new Secret(text) }), {
      lockTimeoutMs: 2000,
    });
  const [reading, writing] = [open(database.url), open(url)];
  const reader = openMoodleReader(reading, { prefix: 'mdl_', name: 'default' });
  const writer = openMoodleWriter({ sql: writing, prefix: 'mdl_', name: 'default' });
  const journal = openJournal(state);
  const description = await reader.describe();
  const { target, storesAllCharacters } = description;
  return {
    reader,
    writer,
    journal,
    target,
    annotate: async (run, ids, options = {}) => {
      const kept = options.journal ?? journal;
      const signal = options.signal ?? new AbortController().signal;
      const policy = noticePolicy({ storesAllCharacters, ...options.policy });
      const byActivity = new Map(ids.map((id) => [id, [{ ...listed(options.title), ...options.recording }]]));
      kept.startRun({ id: run, command: 'moodle annotate', target, header: {} });
      const result = await applyAnnotations({
        run,
        campaign: policy.campaign,
        actions: planAnnotations(byActivity, reader, policy, signal),
        moodle: options.writer ?? writer,
        description,
        journal: kept,
        signal,
        paceMs: 0,
        ...(options.onItem === undefined ? {} : { onItem: options.onItem }),
      });
      kept.endRun(run, result.stoppedBy === null ? 'finished' : 'interrupted', { ...result.tally.byState });
      return result;
    },
    undo: (run) =>
      undoAnnotations({
        journal,
        target,
        run: run ?? null,
        reader,
        writer,
        signal: new AbortController().signal,
        onActivity: () => undefined,
      }),
    intros: async () => {
      const rows = (await database.admin('mdl_bigbluebuttonbn').select('id', 'intro').orderBy('id')) as {
        id: string | number;
        intro: string | null;
      }[];
      return new Map(rows.map(({ id, intro }) => [Number(id), intro]));
    },
    close: async () => {
      journal.close();
      await reading.close();
      await writing.close();
      if (ownState === undefined) rmSync(state, { recursive: true, force: true });
    },
  };
}

/** A site of `count` activities in courses of ten, nothing else. */
export function bulkSeed(seed: Seed, count: number): Seed {
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  const courses = ids.filter((id) => id % 10 === 1).map((id) => Math.floor(id / 10) + 100);
  return {
    config: seed['config'] ?? [],
    modules: seed['modules'] ?? [],
    role: seed['role'] ?? [],
    course: courses.map((id) => ({
      id,
      fullname: `Cours ${id}`,
      shortname: `C${id}`,
      cacherev: 1_700_000_000,
    })),
    bigbluebuttonbn: ids.map((id) => ({
      id,
      course: Math.floor((id - 1) / 10) + 100,
      name: `Classe ${id}`,
      intro: id % 7 === 0 ? null : `<p>Bienvenue dans la classe ${id} 🎓</p>`,
      introformat: 1,
      meetingid: String(id).padStart(40, '0'),
      participants: '',
      timemodified: 1_700_000_000,
    })),
    course_modules: ids.map((id) => ({
      id,
      course: Math.floor((id - 1) / 10) + 100,
      module: 7,
      instance: id,
      visible: 1,
    })),
  };
}
