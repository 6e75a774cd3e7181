import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hiddenParts } from '../../src/bbb-server/client-style.js';
import type { OperatorError } from '../../src/kit/errors/operator-error.js';
import type { OpenMeetingPage } from '../../src/chromium/meeting-page.js';
import { startBbbStandIn, type BbbStandIn } from '../support/live/bbb-stand-in.js';
import { GENERATIONS, type Generation } from '../support/live/join-page.js';
import { ClientBench } from '../support/live/open-client.js';
import { eventually, until } from '../support/live/until.js';

/* The bot's browser on every generation of the client; whole lives on each: npm run prove live -- generations. */

let bbb: BbbStandIn;
let client: ClientBench;
beforeAll(async () => void (bbb = await startBbbStandIn()));
afterAll(() => bbb.stop());
beforeEach(() => void (client = new ClientBench(bbb)));
afterEach(() => client.stop());

const RULES = hiddenParts('default');
const MEDIA = { '2.5': 'share', '3.0': 'video', '4.0': 'nothing' } as const;
const meet = (generation: Generation, meetingId = `m-${generation}`) =>
  bbb.createMeeting({
    ...{ meetingId, name: 'Chimie', toneHz: 440, colour: '#c00000', generation },
    media: generation in MEDIA ? MEDIA[generation as keyof typeof MEDIA] : 'slides',
  });
const kinds = () => client.events.map(({ kind }) => kind);
const isWaiting = () =>
  client.events.findLast((event) => event.kind === 'waiting-for-moderator')?.waiting ?? null;

/** The meeting alone: its red, its yellow lowest lines, no white of a chat, nothing green of the furniture. */
async function showsMeeting(page: OpenMeetingPage): Promise<void> {
  await eventually(
    'red, no green',
    () => client.colour(page),
    ({ r, g, b }) => r > b + 80 && g < 60,
  );
  await eventually(
    'yellow below',
    () => client.colour(page, 'bottom'),
    ({ r, g, b }) => r > 150 && g > 150 && b < 110,
  );
}
const showsChat = (page: OpenMeetingPage, shown: boolean) =>
  eventually(
    `chat ${shown ? 'shown' : 'hidden'}`,
    () => client.colour(page, 'right'),
    ({ b }) => b > 200 === shown,
  );

describe.each(GENERATIONS)('the client of %s', (generation) => {
  const meetingId = `m-${generation}`;

  it('lets the bot in through its lobby, shows the meeting alone, is heard, covered and left', async () => {
    const meeting = meet(generation);
    meeting.guestPolicy = 'ASK_MODERATOR';
    const opening = client.open(meetingId);
    await until('it is told', () => isWaiting() === true);
    bbb.admit(meetingId);
    const page = await opening;
    expect(isWaiting()).toBe(false);
    await showsMeeting(page);
    await until('audio', async () => (await page.audio()) === 'joined');
    const { frame, seen } = await page.inspect(RULES);
    expect({ seen, isKnown: frame.length > 0 }).toEqual({ seen: [], isKnown: true });

    await page.pause(true);
    await eventually(
      'the last good picture',
      () => client.colour(page),
      ({ r, g, b }) => r > b + 80 && g < 60,
    );
    expect((await page.inspect(['#bbb2pod-cover'])).seen).toEqual(['#bbb2pod-cover']);
    await page.pause(false);
    expect((await page.inspect(['#bbb2pod-cover'])).rules).toEqual([]);

    bbb.dropAudio(meetingId);
    await until('lost audio is seen', async () => (await page.audio()) === 'not-joined');

    bbb.eject(meetingId);
    await until('it is told', () => kinds().includes('ended-modal'));
    await showsMeeting(page); // the last good picture, not that page
  });

  it('shows the chat, hides it, speaks in it, and tells the end', async () => {
    const meeting = meet(generation);
    const page = await client.open(meetingId, { showChat: true });
    await showsChat(page, true);
    expect((await page.inspect(RULES)).seen).toEqual([]);
    expect(await page.say('Bonjour')).toBe(true);
    expect(await page.toggleChat()).toBe(true);
    await showsChat(page, false);
    expect(await page.say('à tous')).toBe(true);
    await eventually(
      'both arrive',
      () => meeting.chat.map(({ text }) => text),
      (texts) => texts.join(' ') === 'Bonjour à tous',
    );
    await showsChat(page, false);
    expect(await page.toggleChat()).toBe(true);
    await showsChat(page, true);
    bbb.endMeeting(meetingId);
    await until('it is told', () => kinds().includes('ended-modal'));
  });
});

/* One static page (2.4 to 2.7), one component (3.0 and later). */
describe.each(['2.7', '3.0'] as const)('kept out by the client of %s', (generation) => {
  const meetingId = `m-${generation}`;
  const codeOf = (opening: Promise<unknown>) =>
    opening.then(
      () => 'inside',
      (error: unknown) => {
        const { code, parameters } = error as OperatorError;
        return `${code} ${String(parameters['key'] ?? parameters['detail'])}`;
      },
    );

  it('tells who denies, who is full, what expired, and why', async () => {
    const meeting = meet(generation);
    meeting.refuses = 'maxParticipantsReached';
    expect(await codeOf(client.open(meetingId))).toBe('live-join-refused maxParticipantsReached');
    meeting.refuses = null;
    meeting.errorScreen = 'You have been banned from the meeting';
    expect(await codeOf(client.open(meetingId))).toMatch(/^live-join-refused denied: /);
    meeting.errorScreen = 'Your session has expired';
    expect(await codeOf(client.open(meetingId))).toMatch(/^live-join-failed .*Oops, something went wrong/);
    meeting.errorScreen = null;
    meeting.guestPolicy = 'ASK_MODERATOR';
    expect(await codeOf(client.open(meetingId, { guest: 'fail' }))).toMatch(/^live-lobby-closed .*fail/);
    expect(await codeOf(client.open(meetingId, { maxWaitMs: 500 }))).toMatch(/^live-lobby-closed .*for 1 s/);
    client.events.length = 0;
    const opening = codeOf(client.open(meetingId));
    await until('it waits', () => isWaiting() === true);
    bbb.deny(meetingId);
    expect(await opening).toMatch(/^live-join-refused denied: Guest Lobby/);
  });

  it('loads the lobby again: the static page stops asking', async () => {
    const meeting = meet(generation);
    meeting.lobbyAsks = { everyMs: 100, times: 1 };
    meeting.guestPolicy = 'ASK_MODERATOR';
    const opening = client.open(meetingId, { reloadMs: 1500 });
    await until('it waits', () => isWaiting() === true);
    await until(
      'the page has given up',
      () => bbb.calls.some(({ call }) => call === 'guestWait') || generation === '3.0',
    );
    bbb.admit(meetingId);
    await opening;
    expect(isWaiting()).toBe(false);
  });

  it('covers a session that expires while it is filmed, and tells it', async () => {
    meet(generation);
    const page = await client.open(meetingId);
    await until('audio', async () => (await page.audio()) === 'joined');
    bbb.expire(meetingId);
    await until('it is told', () => kinds().includes('ended-modal'));
    await showsMeeting(page);
  });
});

it('names what an unknown page shows, and keeps a picture of it', async () => {
  const meeting = meet('3.0', 'm-unknown');
  meeting.refuses = null;
  bbb.pageOf('m-unknown', '<title>Maintenance</title><h1>Back at noon</h1>');
  await expect(client.open('m-unknown', { openTimeoutMs: 2000 })).rejects.toMatchObject({
    code: 'live-join-failed',
    parameters: {
      detail: expect.stringMatching(/"Maintenance".*"Back at noon".*picture: .*screenshot\.png/),
    },
  });
});
