import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it as test } from 'vitest';
import { hiddenParts } from '../../src/bbb-server/client-style.js';
import type { OperatorError } from '../../src/kit/errors/operator-error.js';
import type { OpenMeetingPage } from '../../src/chromium/meeting-page.js';
import { startBbbStandIn, type BbbStandIn, type StandInMeeting } from '../support/live/bbb-stand-in.js';
import { GENERATIONS, type Generation } from '../support/live/join-page.js';
import { ClientBench, type ClientOptions } from '../support/live/open-client.js';
import { eventually, until } from '../support/live/until.js';

/* The bot's browser on every generation of the client; whole lives on each: npm run prove live -- generations. */

let bbb: BbbStandIn;
beforeAll(async () => void (bbb = await startBbbStandIn()));
afterAll(() => bbb.stop());
/** Each test has browsers of its own: some run at once. */
const it = test.extend<{ client: ClientBench }>({
  client: async ({}, use) => {
    const client = new ClientBench(bbb);
    await use(client);
    await client.stop();
  },
});

const RULES = hiddenParts('default');
/** locales/en.json, app.error.userBanned */
const BANNED = 'User has been banned';
const MEDIA = { '2.5': 'share', '3.0': 'video', '4.0': 'nothing' } as const;
let meetings = 0;
const meet = (generation: Generation) =>
  bbb.createMeeting({
    ...{ meetingId: `m-${++meetings}`, name: 'Chimie', toneHz: 440, colour: '#c00000', generation },
    media: generation in MEDIA ? MEDIA[generation as keyof typeof MEDIA] : 'slides',
    lobbyAsks: { everyMs: 200, times: 100 },
  });
const kinds = (client: ClientBench) => client.events.map(({ kind }) => kind);
const isWaiting = (client: ClientBench) =>
  client.events.findLast((event) => event.kind === 'waiting-for-moderator')?.waiting ?? null;

/** The meeting alone: its red, its yellow lowest lines, no white of a chat, nothing green of the furniture. */
async function showsMeeting(client: ClientBench, page: OpenMeetingPage): Promise<void> {
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
const showsChat = (client: ClientBench, page: OpenMeetingPage, shown: boolean) =>
  eventually(
    `chat ${shown ? 'shown' : 'hidden'}`,
    () => client.colour(page, 'right'),
    ({ b }) => b > 200 === shown,
  );

describe.concurrent.each(GENERATIONS)('the client of %s', (generation) => {
  it('lets the bot in through its lobby, shows the meeting alone, is heard, covered and left', async ({
    client,
  }) => {
    const meeting = meet(generation);
    const { meetingId } = meeting;
    meeting.guestPolicy = 'ASK_MODERATOR';
    const opening = client.open(meetingId);
    await until('it is told', () => isWaiting(client) === true);
    bbb.admit(meetingId);
    const page = await opening;
    expect(isWaiting(client)).toBe(false);
    await showsMeeting(client, page);
    await until('audio', async () => (await page.audio()) === 'joined');
    const { frame, seen, rules } = await page.inspect([...RULES, '[data-furniture]']);
    expect({ seen, isKnown: frame.length > 0 }).toEqual({ seen: [], isKnown: true });
    expect(rules).toContain('[data-furniture]');

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
    await until('it is told', () => kinds(client).includes('ended-modal'));
    await showsMeeting(client, page); // the last good picture, not that page
  });

  it('shows the chat, hides it, speaks in it, and tells the end', async ({ client }) => {
    const meeting = meet(generation);
    const { meetingId } = meeting;
    const page = await client.open(meetingId, { showChat: true });
    await showsChat(client, page, true);
    expect((await page.inspect(RULES)).seen).toEqual([]);
    expect(await page.say('Bonjour')).toBe(true);
    expect(await page.toggleChat()).toBe(true);
    await showsChat(client, page, false);
    expect(await page.say('à tous')).toBe(true);
    await eventually(
      'both arrive',
      () => meeting.chat.map(({ text }) => text),
      (texts) => texts.join(' ') === 'Bonjour à tous',
    );
    await showsChat(client, page, false);
    expect(await page.toggleChat()).toBe(true);
    await showsChat(client, page, true);
    bbb.endMeeting(meetingId);
    await until('it is told', () => kinds(client).includes('ended-modal'));
  });
});

/* `defaultLayout` up to 2.7, userdata from 3.0 on; each layout in each generation: npm run prove live -- generations. */
it.concurrent.for([
  ['2.7', 'cameras', 180, 256],
  ['3.0', 'presentation', 40, 160],
  ['4.0', 'share', 0, 30],
] as const)(
  '%s shows cameras in the layout %s as large as it says',
  async ([generation, layout, least, most], { client }) => {
    const { meetingId } = Object.assign(meet(generation), { cameras: true });
    const page = await client.open(meetingId, { layout });
    expect((await page.inspect(['#cameraDock [data-furniture]'])).seen).toEqual([]);
    await eventually(
      'the right fifth',
      () => client.colour(page, 'right'),
      ({ r, g, b }) => r + b > 120 && g < 60 && b >= least && b < most,
    );
  },
);

const codeOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'inside',
    (error: unknown) => {
      const { code, parameters } = error as OperatorError;
      return `${code} ${String(parameters['key'] ?? parameters['detail'])}`;
    },
  );

/* The static page, the component of 3.0, and the pre-flight page of the 4.0 line. */
it.concurrent.for([
  ['2.7', 'when it waits', /^live-join-refused denied: Guest Lobby/],
  ['3.0', 'when it waits', /^live-join-refused denied: Guest Lobby/],
  ['3.0', 'before its page comes', /^live-join-refused denied: Guest Lobby/],
  ['4.0', 'when it waits', /^live-join-refused denied: Access was not granted/],
] as const)(
  'tells that a moderator denies who waits (%s, %s)',
  async ([generation, when, told], { client }) => {
    const { meetingId, attendees } = Object.assign(meet(generation), { guestPolicy: 'ASK_MODERATOR' });
    const opening = codeOf(client.open(meetingId));
    if (when === 'when it waits') await until('it waits', () => isWaiting(client) === true);
    else await until('it comes', () => attendees.size > 0);
    bbb.deny(meetingId);
    expect(await opening).toMatch(told);
  },
);

it.concurrent.for([
  ['deny', 'denied'],
  ['admit', 'admitted'],
] as const)('the stand-in tells a page that listens late: %s', async ([answer, told]) => {
  const { meetingId } = Object.assign(meet('3.0'), { guestPolicy: 'ASK_MODERATOR' });
  const query = `meetingID=${meetingId}&fullName=Late&role=VIEWER`;
  const checksum = createHash('sha1').update(`join${query}${bbb.secret}`).digest('hex');
  const page = await fetch(`${bbb.url}/join?${query}&checksum=${checksum}`);
  await page.text();
  bbb[answer](meetingId);
  const events = await fetch(page.url.replace('/join?', '/events?'));
  let heard = '';
  for await (const chunk of events.body ?? []) {
    heard += new TextDecoder().decode(chunk as Uint8Array);
    if (heard.includes('data:')) break;
  }
  expect(heard).toContain(told);
});

/* One static page (2.4 to 2.7), one component (3.0 and later). */
describe.concurrent.each(['2.7', '3.0'] as const)('kept out by the client of %s', (generation) => {
  it('tells who denies, who is full, what expired, and why', async ({ client }) => {
    const opened = (change: Partial<StandInMeeting>, options: ClientOptions = {}) => {
      const meeting = Object.assign(meet(generation), change);
      return codeOf(client.open(meeting.meetingId, options));
    };
    const asks = { guestPolicy: 'ASK_MODERATOR' } as const;
    const [full, banned, expired, fails, late] = await Promise.all([
      opened({ refuses: 'maxParticipantsReached' }),
      opened(generation === '3.0' ? { joinError: BANNED } : { errorScreen: BANNED }),
      opened({ errorScreen: 'Your session has expired' }),
      opened(asks, { guest: 'fail' }),
      opened(asks, { maxWaitMs: 500 }),
    ]);
    expect(full).toBe('live-join-refused maxParticipantsReached');
    expect(banned).toMatch(/^live-join-refused denied: /);
    expect(expired).toMatch(/^live-join-failed .*Oops, something went wrong/);
    expect(fails).toMatch(/^live-lobby-closed .*fail/);
    expect(late).toMatch(/^live-lobby-closed .*for 1 s/);
  });

  it('loads the lobby again: the static page stops asking', async ({ client }) => {
    const meeting = meet(generation);
    const { meetingId } = meeting;
    meeting.lobbyAsks = { everyMs: 100, times: 1 };
    meeting.guestPolicy = 'ASK_MODERATOR';
    const opening = client.open(meetingId, { reloadMs: 1500 });
    await until('it waits', () => isWaiting(client) === true);
    await until(
      'the page has given up',
      () => bbb.calls.some(({ call }) => call === 'guestWait') || generation === '3.0',
    );
    bbb.admit(meetingId);
    await opening;
    expect(isWaiting(client)).toBe(false);
  });

  it('covers a session that expires while it is filmed, and tells it', async ({ client }) => {
    const { meetingId } = meet(generation);
    const page = await client.open(meetingId);
    await until('audio', async () => (await page.audio()) === 'joined');
    bbb.expire(meetingId);
    await until('it is told', () => kinds(client).includes('error-screen'));
    await showsMeeting(client, page);
  });
});

it('covers a client that crashes while it is filmed, and tells it', async ({ client }) => {
  const { meetingId } = meet('3.0');
  const page = await client.open(meetingId);
  await until('audio', async () => (await page.audio()) === 'joined');
  bbb.crash(meetingId);
  await showsMeeting(client, page);
  await until('it is told', () => kinds(client).includes('error-screen'));
});

it('names what an unknown page shows, and keeps a picture of it', async ({ client }) => {
  const { meetingId } = meet('3.0');
  bbb.pageOf(meetingId, '<title>Maintenance</title><h1>Back at noon</h1>');
  await expect(client.open(meetingId, { openTimeoutMs: 2000 })).rejects.toMatchObject({
    code: 'live-join-failed',
    parameters: {
      detail: expect.stringMatching(/"Maintenance".*"Back at noon".*picture: .*screenshot\.png/),
    },
  });
});

it('is inside by the word of getMeetingInfo where the frame of the client is not known', async ({
  client,
}) => {
  const { meetingId } = meet('4.0');
  bbb.pageOf(meetingId, '<title>Chimie</title><main>a client of tomorrow</main>', true);
  const page = await client.open(meetingId);
  const { shows, frame } = await page.inspect([]);
  expect({ shows, frame }).toEqual({ shows: 'nothing-known', frame: [] });
});
