import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/code-of.js';
import type { Job } from 'bullmq';
import { entryOf, parseJob } from '../../../src/recorder/adapters/queue/queue-entry.js';
import { queuedConversion, type QueuedConversion } from '../../../src/recorder/queue/conversion-queue.js';
import { refuseOutside } from '../../../src/recorder/queue/refuse-job.js';
import { signJob } from '../../../src/recorder/queue/sign-job.js';
import { testOptions } from '../../support/presentations.js';

const { cores, ...options } = testOptions;
const jobTo = (outputPath: string, claim: QueuedConversion['claim'] = null): QueuedConversion =>
  queuedConversion({
    source: { folder: '/data/pres' },
    label: 'CM 3',
    outputPath,
    options,
    force: cores === 0,
    claim,
  });

describe('a job of the queue', () => {
  const job = jobTo('/srv/films/cm-3.mp4');
  const signed = { ...job, signature: signJob(job, 'key') };

  it('is taken when it is signed with our key, in whatever order its values come', () => {
    const turned = Object.fromEntries(Object.entries(signed).reverse());
    expect(parseJob(turned, 'key')).toEqual(job);
  });

  it.each([
    ['unsigned', job],
    ['signed with another key', { ...job, signature: signJob(job, 'other') }],
    ['led elsewhere after it was signed', { ...signed, outputPath: '/etc/cron.d/x.mp4' }],
    ['given an owner after it was signed', { ...signed, claim: { owner: { uid: 0, gid: 0 }, mode: 0o777 } }],
    ['no job at all', 'text'],
  ])('is set aside when it is %s', (_, data) => {
    expect(codeOf(() => parseJob(data, 'key'))).toBe('queue-job-unsigned');
  });

  const places = { output: '/srv/films', claims: '/data/ftp-pod/ftp/' };
  it.each([
    ['/var/lib/bbb2pod/journal.sqlite3', null],
    ['/srv/films/../../etc/x.mp4', null],
    ['/srv/films-of-others/x.mp4', null],
    ['/srv/films/run.sh', null],
    ['/srv/films', null],
    ['/srv/films/x.mp4', { owner: null, mode: null }],
  ] as const)('does not write %s', (file, claim) => {
    expect(codeOf(() => refuseOutside(jobTo(file, claim), places))).toBe('queue-job-outside');
  });

  it('writes a video below the directories of the worker, and nothing where it was given none', () => {
    expect(codeOf(() => refuseOutside(job, places))).toBeNull();
    const claim = jobTo('/data/ftp-pod/ftp/bbb/cm-3.mp4', { owner: null, mode: null });
    expect(codeOf(() => refuseOutside(claim, places))).toBeNull();
    expect(codeOf(() => refuseOutside(job, { output: null, claims: null }))).toBe('queue-job-outside');
  });
});

describe('what stands beside a job in Redis', () => {
  /** As BullMQ gives a job: whoever writes in Redis chooses every value. */
  const entry = (values: Record<string, unknown>) =>
    entryOf({ id: 'j1', data: { label: 'CM 3' }, attemptsMade: 1, ...values } as unknown as Job, 'running');

  it.each([
    ['a reason whose parts are no texts', { failedReason: '{"code":5,"message":{}}' }],
    ['a reason that is a number', { failedReason: '7' }],
    ['a reason that is nothing', { failedReason: 'null' }],
    ['a progress whose parts are no texts', { progress: { step: { toString: 1 }, fraction: 'x' } }],
    ['a progress that is a list', { progress: [1] }],
    ['a label that is no text', { data: { label: 3 } }],
    ['no data', { data: null }],
    ['instants and counts that are none', { processedOn: Number.NaN, attemptsMade: Number.NaN }],
  ])('is shown as texts and numbers: %s', (_, values) => {
    const { label, attempts, progress, startedAt, failure } = entry(values);
    expect(typeof label).toBe('string');
    expect(Number.isFinite(attempts)).toBe(true);
    expect(progress === null || typeof progress.step === 'string').toBe(true);
    expect(startedAt).toBeNull();
    expect(
      failure === null || [failure.code, failure.message].every((text) => typeof text === 'string'),
    ).toBe(true);
  });

  it('is shown in part when it is megabytes', () => {
    const long = 'x'.repeat(10_000_000);
    const failedReason = JSON.stringify({ code: long, message: long, remedy: long });
    const shown = JSON.stringify([
      entry({ data: { label: long }, failedReason, processedBy: long, progress: { step: long } }),
      entry({ failedReason: long }),
    ]);
    expect(shown.length).toBeLessThan(10_000);
    expect(entry({ progress: { step: 'encode', fraction: 0.4 } }).progress).toEqual({
      step: 'encode',
      fraction: 0.4,
    });
  });
});
