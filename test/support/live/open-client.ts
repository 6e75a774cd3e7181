import { guardAddresses } from '../../../src/kit/adapters/http/address-guard.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { clientStyle, type LiveLayout } from '../../../src/bbb-server/client-style.js';
import { joinUrl, type JoinRequest } from '../../../src/bbb-server/join.js';
import { liveApi } from '../../../src/bbb-server/live-api.js';
import { findMeeting } from '../../../src/bbb-server/meetings.js';
import { openMeetingPage, type OpenMeetingPage } from '../../../src/chromium/meeting-page.js';
import { Secret } from '../../../src/kit/config/secret.js';
import type { PageEvent } from '../../../src/live/backends/media-port.js';
import type { BbbStandIn } from './bbb-stand-in.js';
import { colourOf } from './media.js';

export interface ClientOptions {
  readonly showChat?: boolean;
  readonly layout?: LiveLayout;
  readonly guest?: 'wait' | 'fail';
  readonly maxWaitMs?: number;
  readonly reloadMs?: number;
  readonly openTimeoutMs?: number;
}

/** The bot's browser in a meeting of the stand-in, as a keeper opens it, without encoder. */
export class ClientBench {
  readonly directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-client-'));
  readonly events: PageEvent[] = [];
  readonly #bbb: BbbStandIn;
  readonly #open: OpenMeetingPage[] = [];
  #pictures = 0;

  constructor(bbb: BbbStandIn) {
    this.#bbb = bbb;
  }

  async open(meetingId: string, options: ClientOptions = {}): Promise<OpenMeetingPage> {
    const api = liveApi({
      url: this.#bbb.url,
      secret: new Secret(this.#bbb.secret),
      checksum: 'sha1',
      fetchText: async ({ url, signal }) => {
        const response = await fetch(url, { signal: signal ?? null });
        return { status: response.status, text: await response.text() };
      },
    });
    const userId = 'bbb2pod-test';
    const showChat = options.showChat ?? false;
    const { createTime } = this.#bbb.meeting(meetingId);
    const join: JoinRequest = {
      ...{ meetingId, createTime, botName: 'Live', userId, locale: 'en', showChat, audio: true },
      layout: options.layout ?? 'default',
      attendeePassword: null,
    };
    const page = await openMeetingPage({
      executable: '/usr/bin/chromium',
      sandbox: 'on',
      size: { width: 640, height: 360 },
      framerate: 10,
      bitrateKbps: 500,
      locale: 'en',
      guard: guardAddresses({ origins: [this.#bbb.url] }),
      joinUrl: async () => joinUrl(api, join),
      style: clientStyle(join.layout),
      chatUrl: async () => joinUrl(api, { ...join, userId: `${userId}-chat`, showChat: true, audio: false }),
      attendance: async () => {
        const own = (await findMeeting(api, meetingId, AbortSignal.timeout(10_000)))?.participants.find(
          (user) => user.userId === userId,
        );
        return { inside: own !== undefined, listening: own?.listening === true };
      },
      keepScreenshot: (png) => this.#write('screenshot.png', png),
      lobby: {
        waits: options.guest !== 'fail',
        maxWaitMs: options.maxWaitMs ?? 150_000,
        reloadMs: options.reloadMs ?? 60_000,
      },
      showChat,
      pausePicture: () => null,
      lastPicture: () => null,
      keepPicture: () => undefined,
      paused: false,
      capture: false,
      screen: null,
      audioWaitMs: 4000,
      openTimeoutMs: options.openTimeoutMs ?? 150_000,
      onEvent: (event) => this.events.push(event),
      log: () => undefined,
      signal: new AbortController().signal,
    });
    this.#open.push(page);
    return page;
  }

  /** Mean colour of what is filmed at this moment, or of a part of it. */
  async colour(page: OpenMeetingPage, part: 'whole' | 'bottom' | 'right' | 'left' = 'whole') {
    return colourOf(this.#write(`${++this.#pictures}.jpg`, await page.picture()), 0, part);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#open.map((page) => page.close()));
    if (process.env['KEEP_BENCH'] === undefined) rmSync(this.directory, { recursive: true, force: true });
    else console.log(`kept ${this.directory}`);
  }

  #write(name: string, bytes: Uint8Array): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, bytes, { mode: 0o600 });
    return file;
  }
}
