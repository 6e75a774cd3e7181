import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChecksumAlgorithm } from '../bbb-api.js';
import { serveFile } from './sample-files.js';
import { renderSample, selectSamples, type SampleRecording } from './sample-recordings.js';

/** How the sample server misbehaves, for tests: until `times` answers were spoilt. */
interface Trouble {
  readonly kind:
    | 'html'
    | 'failed'
    | 'busy'
    | 'not-found'
    | 'silent'
    /** The answer ends in its middle, as a whole one of its length. */
    | 'truncated'
    /** The connection breaks in the middle of the answer. */
    | 'broken-off'
    | 'latin1'
    | 'shrink'
    /** The connection breaks in the middle of a file. */
    | 'cut';
  times: number;
  /** For `cut`: bytes of a file sent before the connection breaks. */
  readonly afterBytes?: number;
  /** Paths concerned; the API by default, files for `cut`. */
  readonly path?: RegExp;
  /** Calls concerned, by their query: a later page, a batch of ids. */
  readonly when?: (query: URLSearchParams) => boolean;
}

export interface SampleServerOptions {
  readonly secret: string;
  readonly recordings: SampleRecording[];
  readonly port?: number;
  /** Algorithms accepted; all by default. */
  readonly checksums?: readonly ChecksumAlgorithm[];
  /**
   * How offset and limit are understood (RecordingServiceFileImpl.java of bbb-common-web):
   * `ignored` before BBB 2.6; `unmerged` from 2.6, in 2.7 until pull request 21644 and in 3.0 until issue 24132: pages
   * of entries, one per format, merged only while a page is rendered, their number in `<pagination>`; `one-format`
   * since (commit 16ae30c): each recordID once, with one format, their number in `<totalElements>`; `obeyed` as a
   * database pages, with all formats (proposed for Scalelite in 2021, commit 019242d; its releases up to 1.8.5 ignore
   * both).
   */
  readonly paging?: 'obeyed' | 'unmerged' | 'one-format' | 'ignored';
  /** Scalelite's GET_RECORDINGS_API_FILTERED=true (bigbluebutton_api_controller.rb): no list without ids. */
  readonly filtered?: boolean;
  /** Published files: `presentation/ID/…`, `video/ID/…`, `podcast/ID/…`. */
  readonly directory?: string;
  /** Looked at before `directory`: the same files in another language. */
  readonly translated?: readonly string[];
  /** Single-use links: as Scalelite (redirect and cookie) or as the national server (page with cookie). */
  readonly protection?: 'none' | 'scalelite' | 'national';
  /** The player's page of presentations; an empty one by default. */
  readonly playerPage?: string;
  /** Inserted into the video page before its last source. */
  readonly videoPage?: (recordId: string) => string;
}

interface SampleRequest {
  readonly method: string;
  readonly path: string;
  /** API call name, or null for pages and files. */
  readonly call: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** Range header, when a download resumes. */
  readonly range: string | null;
}

export interface SampleServer {
  /** `http://127.0.0.1:PORT`; its API is below /bigbluebutton/api. */
  readonly url: string;
  /** Everything asked so far: proof that only reading calls left. */
  readonly requests: SampleRequest[];
  readonly recordings: SampleRecording[];
  trouble: Trouble | null;
  close(): Promise<void>;
}

const API = '/bigbluebutton/api';
const READING = new Set(['getRecordings', 'getMeetings', 'getMeetingInfo', 'isMeetingRunning']);
const ALGORITHMS: readonly ChecksumAlgorithm[] = ['sha1', 'sha256', 'sha384', 'sha512'];

/** Starts a BigBlueButton of samples on loopback: the real API, pages, files and single-use links over HTTP. */
export async function startSampleServer(options: SampleServerOptions): Promise<SampleServer> {
  const sample = new Sample(options);
  const server = createServer((request, response) => {
    sample.answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  sample.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(sample, {
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

class Sample {
  url = '';
  readonly requests: SampleRequest[] = [];
  readonly recordings: SampleRecording[];
  trouble: Trouble | null = null;
  readonly #options: SampleServerOptions;
  /** Single-use links not yet used, and the cookies they gave. */
  readonly #tokens = new Map<string, string>();
  readonly #cookies = new Map<string, string>();

  constructor(options: SampleServerOptions) {
    this.#options = options;
    this.recordings = options.recordings;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const isApi = url.pathname === API || url.pathname.startsWith(`${API}/`);
    const call = isApi ? url.pathname.slice(API.length + 1) : null;
    this.requests.push({
      method: request.method ?? 'GET',
      path: url.pathname,
      call,
      query: Object.fromEntries(url.searchParams),
      range: request.headers.range ?? null,
    });
    if (this.#spoil(url, isApi, response)) return;
    if (call !== null) this.#answerCall(call, url, response);
    else await this.#answerPage(request, url, response);
  }

  #takeTrouble(fits: (trouble: Trouble) => boolean): Trouble | null {
    const { trouble } = this;
    if (trouble === null || trouble.times <= 0 || !fits(trouble)) return null;
    trouble.times--;
    return trouble;
  }

  #spoil(url: URL, isApi: boolean, response: ServerResponse): boolean {
    const immediate = new Set(['html', 'failed', 'busy', 'not-found', 'silent']);
    const trouble = this.#takeTrouble(
      ({ kind, path, when }) =>
        immediate.has(kind) && (path?.test(url.pathname) ?? isApi) && (when?.(url.searchParams) ?? true),
    );
    if (trouble === null) return false;
    const page = '<!DOCTYPE html><html><body>It works!</body></html>';
    if (trouble.kind === 'html') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    if (trouble.kind === 'not-found') response.writeHead(404, { 'content-type': 'text/html' }).end(page);
    if (trouble.kind === 'busy') response.writeHead(503, { 'retry-after': '0' }).end();
    if (trouble.kind === 'failed') sendXml(response, failed('internalError', 'The server is unwell'));
    return true;
  }

  #answerCall(call: string, url: URL, response: ServerResponse): void {
    const { searchParams: query } = url;
    if (call === '') {
      sendXml(
        response,
        '<response><returncode>SUCCESS</returncode><version>2.0</version><apiVersion>2.0</apiVersion><bbbVersion>2.7.3</bbbVersion></response>',
      );
    } else if (!this.#isSigned(call, url.search)) {
      sendXml(response, failed('checksumError', 'You did not pass the checksum security check'));
    } else if (!READING.has(call)) {
      sendXml(response, failed('unsupportedRequest', 'The sample server only reads'));
    } else if (call === 'getRecordings') {
      this.#sendRecordings(query, response);
    } else if (call === 'getMeetings') {
      sendXml(
        response,
        '<response><returncode>SUCCESS</returncode><meetings/><messageKey>noMeetings</messageKey></response>',
      );
    } else if (call === 'isMeetingRunning') {
      sendXml(response, '<response><returncode>SUCCESS</returncode><running>false</running></response>');
    } else sendXml(response, failed('notFound', 'A meeting with that ID does not exist'));
  }

  /** The checksum covers the query exactly as it was sent, without itself. */
  #isSigned(call: string, search: string): boolean {
    const given = /[?&]checksum=([0-9a-f]+)$/.exec(search)?.[1] ?? '';
    const query = search.replace(/[?&]checksum=[0-9a-f]+$/, '').replace(/^\?/, '');
    return (this.#options.checksums ?? ALGORITHMS).some((algorithm) => {
      const expected = createHash(algorithm).update(`${call}${query}${this.#options.secret}`).digest('hex');
      return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
    });
  }

  #sendRecordings(query: URLSearchParams, response: ServerResponse): void {
    const obeys = this.#options.paging !== 'ignored';
    if (!obeys) {
      query.delete('limit');
      query.delete('offset');
    }
    if (Number(query.get('offset') ?? 0) > 0 && this.#takeTrouble(({ kind }) => kind === 'shrink') !== null)
      this.recordings.pop();
    if (this.#options.filtered === true && !query.has('meetingID') && !query.has('recordID')) {
      sendXml(response, failed('missingParameters', 'param meetingID or recordID must be included.'));
      return;
    }
    const paging = this.#options.paging ?? 'obeyed';
    const { total, page, paged } = selectSamples(this.recordings, query, paging);
    const items = page.map((sample) =>
      renderSample(sample, this.url, (recordId, format) => this.#tokenUrl(recordId, format)),
    );
    const pagination = !paged
      ? ''
      : paging === 'one-format'
        ? `<totalElements>${total}</totalElements>`
        : `<pagination><pageable><offset>${query.get('offset') ?? '0'}</offset><limit>${query.get('limit') ?? ''}</limit></pageable><totalElements>${total}</totalElements></pagination>`;
    const body =
      items.length === 0
        ? '<recordings/><messageKey>noRecordings</messageKey><message>There are no recordings for the meeting(s).</message>'
        : `<recordings>${items.join('\n')}</recordings>`;
    const text = `<response><returncode>SUCCESS</returncode>${body}${pagination}</response>`;
    const trouble = this.#takeTrouble(
      ({ kind, when }) => ['truncated', 'broken-off', 'latin1'].includes(kind) && (when?.(query) ?? true),
    );
    if (trouble?.kind === 'truncated') sendXml(response, text.slice(0, Math.floor(text.length * 0.7)));
    else if (trouble?.kind === 'broken-off') breakOff(response, text);
    else if (trouble?.kind === 'latin1')
      response.writeHead(200, { 'content-type': 'text/xml' }).end(Buffer.from(text, 'latin1'));
    else sendXml(response, text);
  }

  #tokenUrl(recordId: string, format: string): string | null {
    if ((this.#options.protection ?? 'none') === 'none') return null;
    if (format !== 'video' && format !== 'presentation') return null;
    const token = randomBytes(16).toString('hex');
    this.#tokens.set(token, `${recordId}/${format}`);
    return `${this.url}/recording/${recordId}/${format}?token=${token}`;
  }

  async #answerPage(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(url.pathname);
    const recording = /^\/recording\/([^/]+)\/([a-z]+)$/.exec(path);
    if (recording !== null) {
      this.#useToken(`${recording[1] ?? ''}/${recording[2] ?? ''}`, url, response);
      return;
    }
    const old = url.searchParams.get('meetingId');
    if (path === '/playback/presentation/2.0/playback.html' && old !== null) {
      response.writeHead(301, { location: `/playback/presentation/2.3/${old}?meetingId=${old}` }).end();
      return;
    }
    if (/^\/playback\/presentation\/2\.3\/[^/]+$/.test(path)) {
      const { playerPage } = this.#options;
      if (playerPage === undefined) sendHtml(response, '<div id="root"></div>');
      else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(playerPage);
      return;
    }
    const page = /^\/playback\/video\/([^/]+)\/$/.exec(path);
    if (page?.[1] !== undefined) {
      this.#sendVideoPage(page[1], response);
      return;
    }
    // The page is below /playback/video, the national server's files below /video.
    const file = /^\/(?:playback\/)?((?:video|presentation|podcast)\/([^/]+)\/.+)$/.exec(path);
    const cutAfter = this.#cutAfter(path);
    const { directory, translated = [] } = this.#options;
    if (file?.[1] === undefined || directory === undefined || !this.#mayRead(request, file[2] ?? '')) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404</body></html>');
      return;
    }
    await serveFile(request, response, [...translated, directory], file[1], cutAfter);
  }

  #cutAfter(path: string): number | null {
    const trouble = this.#takeTrouble(
      (one) => one.kind === 'cut' && (one.path ?? /\.(m4v|mp4|webm)$/).test(path),
    );
    return trouble === null ? null : (trouble.afterBytes ?? 1000);
  }

  #sendVideoPage(recordId: string, response: ServerResponse): void {
    if (!this.recordings.some(({ recording }) => recording.recordId === recordId)) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404</body></html>');
      return;
    }
    const extra = this.#options.videoPage?.(recordId) ?? '';
    sendHtml(
      response,
      `<video controls><!-- <source src="comment.mp4"> -->${extra}<source src="video-0.m4v" type="video/mp4"></video>`,
    );
  }

  /** Any request uses a token up, a HEAD too. */
  #useToken(what: string, url: URL, response: ServerResponse): void {
    const token = url.searchParams.get('token') ?? '';
    if (this.#tokens.get(token) !== what) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404</body></html>');
      return;
    }
    this.#tokens.delete(token);
    const [recordId = '', format = ''] = what.split('/');
    const value = randomBytes(16).toString('hex');
    this.#cookies.set(value, recordId);
    const national = this.#options.protection === 'national';
    const cookie = (path: string): string =>
      `recording_${format}_${recordId}=${value}; Path=${path}; Max-Age=3600; Secure; HttpOnly; SameSite=None`;
    const cookies = [cookie(`/${format}/${recordId}`), cookie(`/playback/${format}/${recordId}`)];
    response.setHeader('set-cookie', cookies);
    if (national && format === 'video') this.#sendVideoPage(recordId, response);
    else {
      const target =
        format === 'video' ? `/playback/video/${recordId}/` : `/playback/presentation/2.3/${recordId}`;
      response.writeHead(307, { location: target }).end();
    }
  }

  #mayRead(request: IncomingMessage, recordId: string): boolean {
    if ((this.#options.protection ?? 'none') === 'none') return true;
    const cookies = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')[1] ?? '');
    return cookies.some((value) => this.#cookies.get(value) === recordId);
  }
}

const failed = (key: string, message: string): string =>
  `<response><returncode>FAILED</returncode><messageKey>${key}</messageKey><message>${message}</message></response>`;

const sendXml = (response: ServerResponse, text: string): void =>
  void response
    .writeHead(200, { 'content-type': 'text/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);

/** Announces all of an answer and breaks the connection after most of it. */
function breakOff(response: ServerResponse, text: string): void {
  const bytes = Buffer.from(text);
  response.writeHead(200, { 'content-type': 'text/xml', 'content-length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length * 0.7)), () => response.destroy());
}

const sendHtml = (response: ServerResponse, body: string): void =>
  void response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!DOCTYPE html>\n<html><head><title>Sample</title></head><body>${body}</body></html>`);
