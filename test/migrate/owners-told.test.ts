import { describe, expect, it } from 'vitest';
import { gatherOwners, type OwnerSources } from '../../src/migrate/gather-facts.js';
import type { MigratePolicy, RecordingFacts } from '../../src/migrate/migration-facts.js';
import type { PodDatabase } from '../../src/migrate/pod-port.js';
import { refusalOf } from '../../src/migrate/refuse-recording.js';
import { normaliseHost } from '../../src/bbb/origin-server.js';
import { moodleSectionFor } from '../../src/owners/meeting-id.js';
import { parseOwnersFile } from '../../src/owners/owners-file.js';
import { defaultOwnerPolicy } from '../../src/owners/policy.js';
import type { Recording } from '../../src/bbb/recording.js';

const recording = (id: string, more: Partial<Recording> = {}): Recording => ({
  recordId: id,
  internalMeetingId: id,
  meetingId: `meeting-${id}`,
  name: 'CM',
  state: 'published',
  startAt: 1_690_003_600_000,
  endAt: null,
  participants: 3,
  sizeBytes: null,
  isBreakout: false,
  metadata: {},
  formats: [],
  server: 'default',
  ...more,
});

const fromMoodle = (server?: string) =>
  recording('a', {
    metadata: {
      'bbb-origin': 'Moodle',
      ...(server === undefined ? {} : { 'bbb-origin-server-name': server }),
    },
  });

describe('which Moodle answers', () => {
  it.each([
    'moodle.univ.example',
    'www.moodle.univ.example',
    'https://moodle.univ.example',
    'http://Moodle.univ.example:8443/cours',
    'moodle.univ.example.',
  ])('%s is one host', (server) => {
    expect(normaliseHost(server)).toBe('moodle.univ.example');
    expect(moodleSectionFor(fromMoodle(server), ['other', 'moodle.univ.example'], [])).toBe(
      'moodle.univ.example',
    );
    expect(moodleSectionFor(fromMoodle(server), ['default'], ['WWW.moodle.univ.example'])).toBeNull();
  });

  it('an alias counts as a name', () => {
    const aliases = { new: ['old.univ.example'] };
    expect(moodleSectionFor(fromMoodle('old.univ.example'), ['other', 'new'], [], aliases)).toBe('new');
    expect(moodleSectionFor(fromMoodle('old.univ.example'), ['other', 'new'], [])).toBeNull();
  });

  it('the only one serves recordings that do not say where they come from', () => {
    expect(moodleSectionFor(fromMoodle(), ['moodle.univ.example'], [])).toBe('moodle.univ.example');
    expect(moodleSectionFor(fromMoodle(), ['one', 'two'], [])).toBeNull();
    expect(moodleSectionFor(fromMoodle('elsewhere.example'), ['moodle.univ.example'], [])).toBeNull();
  });
});

describe('breakout rooms', () => {
  const parent = recording('parent');
  const room = recording('room', { isBreakout: true, parentId: 'parent' });
  const none = (): Promise<never[]> => Promise.resolve([]);
  const anne = { id: 7, username: 'anne', email: '', isStaff: true, isActive: true, siteIds: [1] };
  const sources = (csv: string): OwnerSources => ({
    pod: {
      findMeetings: none,
      findAttendeeModerators: none,
      findSessionCreators: none,
      findUsersById: none,
      findUsersByEmail: none,
      findNamesTakenFor: () => Promise.resolve(new Map()),
      findUsersByUsername: () => Promise.resolve([anne]),
    } as unknown as PodDatabase,
    moodles: new Map(),
    ownersFile: parseOwnersFile(csv, 'owners.csv'),
    policyFor: () => defaultOwnerPolicy,
    ignoredServers: [],
    findRecording: (id) => (id === 'parent' ? parent : null),
  });

  it("go to the owners of their parent's meeting, and say so", async () => {
    const decisions = await gatherOwners([room, parent], sources('meeting-parent;anne\n'));
    expect(decisions.get('room')).toMatchObject({
      kind: 'owners',
      notes: [{ code: 'note-breakout-of', parameters: { parent: 'parent' } }],
    });
    expect(decisions.get('parent')).toMatchObject({ kind: 'owners', notes: [] });
  });

  it('unless the owners file names them, or the parent is unknown', async () => {
    const named = await gatherOwners([room], sources('room;anne\nparent;zoe\n'));
    expect(named.get('room')).toMatchObject({ kind: 'owners', notes: [] });
    const orphan = recording('orphan', { isBreakout: true, parentId: 'gone' });
    expect((await gatherOwners([orphan], sources('parent;anne\n'))).get('orphan')).toMatchObject({
      kind: 'admin',
    });
  });

  it('by a parent that was not listed, if its id is known elsewhere', async () => {
    const parentId = `${'a'.repeat(40)}-1700000000000`;
    const child = recording('child', { isBreakout: true, parentId });
    expect((await gatherOwners([child], sources(`${parentId};anne\n`))).get('child')).toMatchObject({
      kind: 'owners',
      notes: [{ code: 'note-breakout-of', parameters: { parent: parentId } }],
    });
  });

  it('breakouts = "skip" and include_greenlight = false leave out what they name', () => {
    const policy = {
      excluded: new Set(),
      skippedServers: new Set(),
      mode: 'claim',
    } as unknown as MigratePolicy;
    const facts = { playback: { url: 'https://b.example/v/' } } as unknown as RecordingFacts;
    const greenlight = recording('g', { metadata: { 'bbb-origin': 'greenlight' } });
    expect([room, greenlight].map((one) => refusalOf(one, facts, policy))).toEqual([null, null]);
    expect(refusalOf(room, facts, { ...policy, skipBreakouts: true })?.reason).toBe('breakout-skipped');
    expect(refusalOf(greenlight, facts, { ...policy, skipGreenlight: true })?.reason).toBe(
      'greenlight-skipped',
    );
  });
});
