import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/code-of.js';
import { queuedConversion, type QueuedConversion } from '../../../src/recorder/queue/conversion-queue.js';
import {
  readTask,
  renderParameters,
  type TaskRules,
} from '../../../src/recorder/esup-runner/task-parameters.js';
import { testOptions } from '../../support/presentations.js';

const { cores, ...options } = testOptions;
const ID = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3-1700000000000';
const rules: TaskRules = {
  taskType: 'bbb_presentation',
  bbbHosts: new Set(['bbb.univ.fr', 'bbb.test:8443']),
  otherHosts: new Set(['replay.univ.fr']),
  defaults: { ...options, crf: cores === 0 ? 1 : null },
};
const job = (more: Partial<QueuedConversion> = {}): QueuedConversion =>
  queuedConversion({
    source: { recordId: ID, server: 'old' },
    label: 'CM 3',
    outputPath: '/srv/films/cm-3.mp4',
    options: {
      ...options,
      crf: 31,
      chat: true,
      size: { width: 640, height: 360 },
      fromMs: 1500,
      language: 'fr',
    },
    force: false,
    claim: null,
    ...more,
  });
const request = (more: Record<string, unknown> = {}) => ({
  task_id: 'f3c1',
  etab_name: 'univ',
  app_name: 'bbb2pod',
  task_type: 'bbb_presentation',
  source_url: `https://bbb.univ.fr/playback/presentation/2.3/${ID}?token=T0KEN`,
  parameters: renderParameters(job(), 1) as Record<string, unknown>,
  ...more,
});

describe('a task of esup-runner', () => {
  it('carries a conversion as texts: no path, no address, no secret', () => {
    const parameters = renderParameters(job(), 2);
    expect(parameters).toMatchObject({
      recording_id: ID,
      attempt: '2',
      size: '640x360',
      crf: '31',
      chat: 'true',
    });
    expect(JSON.stringify(parameters)).not.toMatch(/\/srv|http|old/);
    expect(Object.values(parameters).every((value) => typeof value === 'string')).toBe(true);
  });

  it('is the same conversion on the worker, in the worker’s own place', () => {
    const read = readTask(request(), '/var/lib/runner/f3c1/output', rules);
    expect(read.options).toEqual(job().options);
    expect(read).toMatchObject({
      source: { recordId: ID, server: null },
      outputPath: '/var/lib/runner/f3c1/output/recording.mp4',
      claim: null,
      force: false,
    });
  });

  it('may name little: the rest is as the worker is configured', () => {
    const read = readTask(request({ parameters: { layout: 'webcams', title: 'CM 3' } }), '/r', rules);
    expect(read.source).toEqual({ recordId: ID, server: null });
    expect(read.options).toEqual({ ...rules.defaults, layout: 'webcams' });
    expect(readTask(request({ parameters: null }), '/r', rules).options).toEqual(rules.defaults);
  });

  it('takes a link of another server as it is, without what opened it', () => {
    const source_url = `https://replay.univ.fr/playback/presentation/2.3/${ID}?token=T0KEN#x`;
    expect(readTask(request({ source_url }), '/r', rules).source).toEqual({
      url: `https://replay.univ.fr/playback/presentation/2.3/${ID}`,
    });
  });

  it.each([
    ['another type', { task_type: 'encoding' }, 'task-refused'],
    ['a path', { source_url: '/etc/passwd' }, 'task-refused'],
    ['a file', { source_url: 'file:///etc/passwd' }, 'task-refused'],
    ['a foreign server', { source_url: `https://evil.example/${ID}` }, 'task-host-refused'],
    ['another port of a server', { source_url: `https://bbb.test/${ID}` }, 'task-host-refused'],
    ['the inside', { source_url: `http://169.254.169.254/${ID}` }, 'task-host-refused'],
    ['an unknown parameter', { parameters: { recording_id: ID, output: '/etc/x' } }, 'task-refused'],
    ['a strange recordID', { parameters: { recording_id: '../../etc' } }, 'task-refused'],
    ['a value out of its range', { parameters: { recording_id: ID, size: '99999x1' } }, 'task-refused'],
    ['a text for a number', { parameters: { recording_id: ID, crf: 'low' } }, 'task-refused'],
    ['an object', { parameters: { recording_id: ID, title: { a: 1 } } }, 'task-refused'],
  ])('refuses %s', (_, more, wanted) => {
    expect(codeOf(() => readTask(request(more), '/r', rules))).toBe(wanted);
  });

  it('is never made of a place on this machine', () => {
    expect(codeOf(() => renderParameters(job({ source: { folder: '/data/x' } }), 1))).toBe(
      'queue-path-unsent',
    );
  });

  it('puts nothing beside a claim', () => {
    const claim = { owner: null, mode: null };
    const wanted = { ...options, extras: true };
    expect(renderParameters(job({ options: wanted, claim }), 1)['extras']).toBe('false');
    expect(renderParameters(job({ options: wanted }), 1)['extras']).toBe('true');
  });
});
