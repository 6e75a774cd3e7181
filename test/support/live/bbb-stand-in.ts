import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';
import { joinPage, type Generation, type PageFacts } from './join-page.js';

/** How the stand-in's client lets a listener in: each is a generation of the real one. */
type AudioDialog = 'auto' | 'listen-only' | 'help-listen-only' | 'join-audio' | 'none';

export interface StandInMeeting {
  readonly meetingId: string;
  readonly internalMeetingId: string;
  readonly name: string;
  readonly createTime: number;
  readonly toneHz: number;
  /** CSS colour of the whole picture behind the moving bar. */
  readonly colour: string;
  readonly audio: AudioDialog;
  readonly generation: Generation;
  readonly media: PageFacts['media'];
  readonly cameras: boolean;
  readonly still: boolean;
  /** The API refuses to let anybody join, with that message key. */
  refuses: string | null;
  /** Whoever comes gets the client's error screen with these words (session expired, banned…). */
  errorScreen: string | null;
  /** Whoever comes may not join, with these words (3.0 and later: banned, too many participants). */
  joinError: string | null;
  /** How guest-wait.html of 2.4 to 2.7 asks: every five seconds, a hundred times, then never again. */
  lobbyAsks: PageFacts['lobbyAsks'];
  running: boolean;
  /** People beside the bots. */
  humans: number;
  readonly guests: Set<string>;
  guestPolicy: 'ALWAYS_ACCEPT' | 'ASK_MODERATOR' | 'ALWAYS_DENY';
  readonly attendees: Map<string, Attendee>;
  readonly chat: { name: string; text: string; by: 'api' | 'page' }[];
}

interface Attendee {
  readonly userId: string;
  readonly fullName: string;
  readonly role: string;
  readonly token: string;
  /** Waits for the moderator's answer, or has not seen it yet. */
  waits: boolean;
  listening: boolean;
  /** Its last page is the client: who waits in the lobby is no attendee. */
  seesClient: boolean;
  inside: boolean;
  connections: Set<http.ServerResponse>;
  readonly query: URLSearchParams;
}

export interface BbbStandIn {
  readonly url: string;
  readonly secret: string;
  /** `down` closes every connection unanswered; `failed` answers FAILED; `ok` is the real thing. */
  mode: 'ok' | 'down' | 'failed';
  /** 2.4 to 2.7 have no sendChatMessage. */
  sendChat: boolean;
  readonly calls: { call: string; query: URLSearchParams }[];
  createMeeting(meeting: {
    meetingId: string;
    name: string;
    toneHz: number;
    colour: string;
    audio?: AudioDialog;
    generation?: Generation;
    media?: PageFacts['media'];
    lobbyAsks?: PageFacts['lobbyAsks'];
    cameras?: boolean;
    still?: boolean;
  }): StandInMeeting;
  meeting(meetingId: string): StandInMeeting;
  /** The moderator presses "end meeting": the modal appears, the meeting leaves getMeetings. */
  endMeeting(meetingId: string): void;
  /** The whole picture turns white for three seconds: for measuring how long that takes to reach viewers. */
  flash(meetingId: string): void;
  /** The moderator removes the bot. */
  eject(meetingId: string): void;
  /** The moderator lets everybody in who waits. */
  admit(meetingId: string): void;
  /** The moderator denies everybody who waits. */
  deny(meetingId: string): void;
  /** The sessions of everybody inside expire: the client shows its error screen. */
  expire(meetingId: string): void;
  /** The client of everybody inside crashes: its frame goes, none of its known pages comes. */
  crash(meetingId: string): void;
  /** Whoever comes gets this page instead of the client. @param inside whether the API counts them as attendees */
  pageOf(meetingId: string, html: string, inside?: boolean): void;
  /** Everybody's audio breaks in the page, and on the server. */
  dropAudio(meetingId: string): void;
  stop(): Promise<void>;
}

/** A BigBlueButton as its API and its client show it from outside, over real HTTP. */
export async function startBbbStandIn(): Promise<BbbStandIn> {
  const state = new StandIn();
  const server = http.createServer((request, response) => state.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  state.url = `http://127.0.0.1:${port}/bigbluebutton/api`;
  state.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return state;
}

class StandIn implements BbbStandIn {
  url = '';
  readonly secret = 'stand-in-secret';
  mode: BbbStandIn['mode'] = 'ok';
  sendChat = true;
  readonly calls: BbbStandIn['calls'] = [];
  readonly #meetings = new Map<string, StandInMeeting>();
  readonly #pages = new Map<string, { readonly html: string; readonly inside: boolean }>();
  close: () => Promise<void> = async () => undefined;

  createMeeting(wanted: Parameters<BbbStandIn['createMeeting']>[0]): StandInMeeting {
    const createTime = Date.now() - this.#meetings.size;
    const meeting: StandInMeeting = {
      audio: 'auto',
      generation: '2.7',
      media: 'slides',
      cameras: false,
      still: false,
      refuses: null,
      errorScreen: null,
      joinError: null,
      lobbyAsks: { everyMs: 5000, times: 100 },
      ...wanted,
      createTime,
      internalMeetingId: `${createHash('sha1').update(wanted.meetingId).digest('hex')}-${createTime}`,
      running: true,
      humans: 1,
      guests: new Set(),
      guestPolicy: 'ALWAYS_ACCEPT',
      attendees: new Map(),
      chat: [],
    };
    this.#meetings.set(wanted.meetingId, meeting);
    return meeting;
  }

  meeting(meetingId: string): StandInMeeting {
    const meeting = this.#meetings.get(meetingId);
    if (meeting === undefined) throw new Error(`no meeting ${meetingId}`);
    return meeting;
  }

  endMeeting(meetingId: string): void {
    const meeting = this.meeting(meetingId);
    meeting.running = false;
    this.#tell(meeting, { type: 'ended' });
    this.#meetings.delete(meetingId);
  }

  flash(meetingId: string): void {
    this.#tell(this.meeting(meetingId), { type: 'flash' });
  }

  eject(meetingId: string): void {
    this.#tell(this.meeting(meetingId), { type: 'removed' });
  }

  admit(meetingId: string): void {
    const meeting = this.meeting(meetingId);
    meeting.guestPolicy = 'ALWAYS_ACCEPT';
    // From 3.0 on they join in the page in which they waited.
    if (!meeting.generation.startsWith('2'))
      for (const attendee of meeting.attendees.values()) attendee.inside = attendee.seesClient = true;
    this.#tell(meeting, { type: 'admitted' });
  }

  deny(meetingId: string): void {
    const meeting = this.meeting(meetingId);
    meeting.guestPolicy = 'ALWAYS_DENY';
    this.#tell(meeting, { type: 'denied' });
  }

  pageOf(meetingId: string, html: string, inside = false): void {
    this.#pages.set(meetingId, { html, inside });
  }

  expire(meetingId: string): void {
    this.#tell(this.meeting(meetingId), { type: 'expired' });
  }

  crash(meetingId: string): void {
    this.#tell(this.meeting(meetingId), { type: 'crashed' });
  }

  dropAudio(meetingId: string): void {
    const meeting = this.meeting(meetingId);
    for (const attendee of meeting.attendees.values()) attendee.listening = false;
    this.#tell(meeting, { type: 'mute' });
  }

  stop(): Promise<void> {
    return this.close();
  }

  answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const api = /^\/bigbluebutton\/api\/(\w*)$/.exec(url.pathname);
    if (this.mode === 'down' && api !== null) {
      request.socket.destroy();
      return;
    }
    if (api !== null) this.#api(api[1] ?? '', url, response);
    else if (['/html5client/join', '/html5client/guestWait'].includes(url.pathname))
      this.#page(url, response);
    else if (url.pathname === '/html5client/events') this.#events(url, request, response);
    else if (url.pathname === '/html5client/say') this.#say(url, request, response);
    else response.writeHead(404).end();
  }

  #api(call: string, url: URL, response: http.ServerResponse): void {
    this.calls.push({ call, query: url.searchParams });
    const unsigned = url.search.slice(1).replace(/&?checksum=[^&]*/, '');
    const checksum = createHash('sha1').update(`${call}${unsigned}${this.secret}`).digest('hex');
    if (call === 'guestWait') {
      this.#guestWait(url, response);
      return;
    }
    if (call === '') {
      xml(response, '<returncode>SUCCESS</returncode><version>2.0</version>');
      return;
    }
    if (url.searchParams.get('checksum') !== checksum) {
      failed(response, 'checksumError');
      return;
    }
    if (this.mode === 'failed') {
      failed(response, 'internalError');
      return;
    }
    const meeting = this.#meetings.get(url.searchParams.get('meetingID') ?? '');
    if (call === 'getMeetings') {
      const all = [...this.#meetings.values()];
      const key = all.length === 0 ? '<messageKey>noMeetings</messageKey>' : '';
      ok(
        response,
        `<meetings>${all.map((m) => `<meeting>${meetingXml(m)}</meeting>`).join('')}</meetings>${key}`,
      );
      return;
    }
    if (call === 'isMeetingRunning') {
      ok(response, `<running>${meeting?.running === true}</running>`);
      return;
    }
    if (meeting === undefined) {
      failed(response, 'notFound');
      return;
    }
    if (call === 'getMeetingInfo') {
      ok(response, meetingXml(meeting));
      return;
    }
    if (call === 'sendChatMessage' && this.sendChat) {
      const text = url.searchParams.get('message') ?? '';
      if (text.length > 500) {
        failed(response, 'validationError');
        return;
      }
      meeting.chat.push({ name: url.searchParams.get('userName') ?? '', text, by: 'api' });
      this.#tell(meeting, { type: 'chat', text });
      ok(response, '');
      return;
    }
    if (call === 'join') {
      this.#join(meeting, url, response);
      return;
    }
    if (call === 'end') {
      this.endMeeting(meeting.meetingId);
      ok(response, '');
      return;
    }
    failed(response, 'unsupportedRequest');
  }

  #join(meeting: StandInMeeting, url: URL, response: http.ServerResponse): void {
    const createTime = url.searchParams.get('createTime');
    if (createTime !== null && createTime !== String(meeting.createTime)) {
      failed(response, 'mismatchCreateTime');
      return;
    }
    const refused = meeting.guestPolicy === 'ALWAYS_DENY' ? 'guestDeniedAccess' : meeting.refuses;
    if (refused !== null) {
      // bbb-web, ApiController.respondWithRedirect: the logout page with the reasons in its query
      const errors = JSON.stringify([{ key: refused, message: 'no' }]);
      response.writeHead(302, { location: `/?errors=${encodeURIComponent(errors)}` }).end();
      return;
    }
    const token = randomUUID();
    const userId = url.searchParams.get('userID') ?? token;
    meeting.attendees.set(token, {
      userId,
      fullName: url.searchParams.get('fullName') ?? '',
      role: url.searchParams.get('role') ?? 'VIEWER',
      token,
      waits: meeting.guestPolicy === 'ASK_MODERATOR',
      listening: false,
      seesClient: false,
      inside: false,
      connections: new Set(),
      query: url.searchParams,
    });
    const place =
      meeting.guestPolicy === 'ASK_MODERATOR' && meeting.generation.startsWith('2') ? 'guestWait' : 'join';
    response.writeHead(302, { location: `/html5client/${place}?sessionToken=${token}` }).end();
  }

  /** What guest-wait.html asks (bbb-web, ApiController.guestWaitHandler): JSON, known by the session alone. */
  #guestWait(url: URL, response: http.ServerResponse): void {
    const policy = this.#session(url)?.meeting.guestPolicy;
    const guestStatus = policy === 'ASK_MODERATOR' ? 'WAIT' : policy === 'ALWAYS_DENY' ? 'DENY' : 'ALLOW';
    const next = `/html5client/join?${url.searchParams.toString()}`;
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ response: { returncode: 'SUCCESS', guestStatus, url: next } }));
  }

  #page(url: URL, response: http.ServerResponse): void {
    const found = this.#session(url);
    if (found === null) {
      response.writeHead(401, { 'content-type': 'text/html' }).end('<h1>Session not found</h1>');
      return;
    }
    const { meeting, attendee } = found;
    const instead = this.#pages.get(meeting.meetingId);
    if (instead !== undefined) {
      attendee.inside = instead.inside;
      response.writeHead(200, { 'content-type': 'text/html' }).end(instead.html);
      return;
    }
    // guest-wait.html asks in any case, and is left at the answer.
    const waiting =
      url.pathname.endsWith('/guestWait') ||
      meeting.guestPolicy === 'ASK_MODERATOR' ||
      (attendee.waits && meeting.guestPolicy === 'ALWAYS_DENY');
    attendee.waits = waiting;
    attendee.seesClient = !waiting && meeting.errorScreen === null && meeting.joinError === null;
    attendee.inside = attendee.seesClient;
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'self' 'unsafe-inline' blob: data:",
      })
      .end(
        joinPage({
          token: attendee.token,
          join: Object.fromEntries(attendee.query),
          generation: meeting.generation,
          media: meeting.media,
          cameras: meeting.cameras,
          still: meeting.still,
          waiting,
          error: meeting.errorScreen,
          joinError: meeting.joinError,
          lobbyAsks: meeting.lobbyAsks,
          dialog: meeting.audio,
          toneHz: meeting.toneHz,
          colour: meeting.colour,
        }),
      );
  }

  #events(url: URL, request: http.IncomingMessage, response: http.ServerResponse): void {
    const found = this.#session(url);
    if (found === null) {
      response.writeHead(401).end();
      return;
    }
    const { attendee, meeting } = found;
    attendee.inside = attendee.seesClient;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    // The client subscribes to its guest status (user_current, 3.0): what was answered before it did is told at once.
    if (attendee.waits && meeting.guestPolicy !== 'ASK_MODERATOR') {
      const type = meeting.guestPolicy === 'ALWAYS_DENY' ? 'denied' : 'admitted';
      response.write(`data: ${JSON.stringify({ type })}\n\n`);
    }
    attendee.connections.add(response);
    request.on('close', () => {
      attendee.connections.delete(response);
      // A page that is loaded again comes back at once; the session stays valid (bbb-web keeps it beyond the user's leave).
      setTimeout(() => {
        if (attendee.connections.size === 0) attendee.inside = attendee.listening = false;
      }, 1000).unref();
    });
  }

  #say(url: URL, request: http.IncomingMessage, response: http.ServerResponse): void {
    const found = this.#session(url);
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (found === null) return void response.writeHead(401).end();
      if (url.searchParams.get('what') === 'audio') found.attendee.listening = true;
      else {
        found.meeting.chat.push({ name: found.attendee.fullName, text, by: 'page' });
        this.#tell(found.meeting, { type: 'chat', text });
      }
      response.writeHead(204).end();
    });
  }

  #session(url: URL): { meeting: StandInMeeting; attendee: Attendee } | null {
    const token = url.searchParams.get('sessionToken') ?? '';
    for (const meeting of this.#meetings.values()) {
      const attendee = meeting.attendees.get(token);
      if (attendee !== undefined) return { meeting, attendee };
    }
    return null;
  }

  #tell(meeting: StandInMeeting, event: unknown): void {
    for (const { connections } of meeting.attendees.values())
      for (const connection of connections) connection.write(`data: ${JSON.stringify(event)}\n\n`);
  }
}

function xml(response: http.ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(`<response>${body}</response>`);
}
const ok = (response: http.ServerResponse, body: string): void =>
  xml(response, `<returncode>SUCCESS</returncode>${body}`);
const failed = (response: http.ServerResponse, key: string): void =>
  xml(response, `<returncode>FAILED</returncode><messageKey>${key}</messageKey><message>no</message>`);
const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

function meetingXml(m: StandInMeeting): string {
  const bots = [...m.attendees.values()]
    .filter(({ inside }) => inside)
    .map(
      (a) =>
        `<attendee><userID>${escape(a.userId)}</userID><fullName>${escape(a.fullName)}</fullName><role>${a.role}</role>` +
        `<isPresenter>false</isPresenter><isListeningOnly>${a.listening}</isListeningOnly><hasJoinedVoice>${a.listening}</hasJoinedVoice></attendee>`,
    );
  const humans = Array.from(
    { length: m.humans },
    (_, i) =>
      `<attendee><userID>human-${i}</userID><fullName>Human ${i}</fullName><role>MODERATOR</role><isPresenter>true</isPresenter>` +
      `<isListeningOnly>false</isListeningOnly><hasJoinedVoice>true</hasJoinedVoice></attendee>`,
  );
  return (
    `<meetingName>${escape(m.name)}</meetingName><meetingID>${escape(m.meetingId)}</meetingID>` +
    `<internalMeetingID>${m.internalMeetingId}</internalMeetingID><createTime>${m.createTime}</createTime>` +
    `<attendeePW>ap</attendeePW><moderatorPW>mp</moderatorPW><running>${m.running}</running><hasBeenForciblyEnded>false</hasBeenForciblyEnded>` +
    `<startTime>${m.createTime}</startTime><endTime>0</endTime><participantCount>${bots.length + humans.length}</participantCount>` +
    `<attendees>${humans.join('')}${bots.join('')}</attendees>`
  );
}
