import http from 'node:http';

type Row = Record<string, unknown>;

export interface PodStandInOptions {
  readonly generation: 'bbb' | 'webinar' | 'both';
  /** 3.1 to 3.8.1: `?status=` answers everything. */
  readonly ignoresFilters?: boolean;
  /** Up to 2.9.2 the stream's address is called `url`. */
  readonly broadcasterField?: 'url' | 'broadcaster_url';
}

/** Esup-Pod's REST as `live` meets it, defects included: inner http:// links, pages of 12, 400 on duplicates. */
export interface PodStandIn {
  readonly url: string;
  readonly token: string;
  /** `down` closes every connection; `error` answers 500; `unknown` knows no token; `student` is no staff. */
  mode: 'ok' | 'down' | 'error' | 'unknown' | 'student';
  readonly calls: { method: string; path: string; body: Row | null; status: number }[];
  readonly livestreams: Map<number, Row>;
  readonly broadcasters: Map<number, Row>;
  readonly webinars: Map<number, Row>;
  readonly meetings: Map<number, Row>;
  /** A teacher presses "go live" in the bbb app. */
  addLive(live: {
    meetingId: string;
    name: string;
    internalMeetingId?: string;
    restricted?: boolean;
    download?: boolean;
    chat?: boolean;
  }): number;
  /** An owner enters a webinar. */
  addWebinar(live: { meetingId: string; name: string; rtmpUrl: string; streamUrl: string }): number;
  stop(): Promise<void>;
}

const INNER = 'http://pod-inner.example:8000';
const PAGE = 12;

export async function startPodStandIn(options: PodStandInOptions): Promise<PodStandIn> {
  const pod = new StandIn(options);
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => pod.answer(request, body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  pod.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  pod.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return pod;
}

class StandIn implements PodStandIn {
  url = '';
  readonly token = 'pod-stand-in-token';
  mode: PodStandIn['mode'] = 'ok';
  readonly calls: PodStandIn['calls'] = [];
  readonly livestreams = new Map<number, Row>();
  readonly broadcasters = new Map<number, Row>();
  readonly webinars = new Map<number, Row>();
  readonly meetings = new Map<number, Row>();
  readonly #buildings = new Map<number, Row>([[1, { id: 1, name: 'Campus' }]]);
  readonly #sessions = new Map<number, Row>();
  readonly #gateways = new Map<number, Row>();
  readonly #options: PodStandInOptions;
  #serial = 0;
  close: () => Promise<void> = async () => undefined;

  constructor(options: PodStandInOptions) {
    this.#options = options;
  }

  stop(): Promise<void> {
    return this.close();
  }

  addLive(live: Parameters<PodStandIn['addLive']>[0]): number {
    const meeting = ++this.#serial;
    this.meetings.set(meeting, {
      url: `${INNER}/rest/bbb_meeting/${meeting}/`,
      id: meeting,
      meeting_id: live.meetingId,
      internal_meeting_id: live.internalMeetingId ?? '',
      meeting_name: live.name,
      encoding_step: 0,
      encoded_by: null,
    });
    const id = ++this.#serial;
    this.livestreams.set(id, {
      url: `${INNER}/rest/bbb_livestream/${id}/`,
      id,
      meeting: `${INNER}/rest/bbb_meeting/${meeting}/`,
      user: `${INNER}/rest/users/7/`,
      status: 0,
      server: null,
      start_date: new Date().toISOString(),
      end_date: null,
      is_restricted: live.restricted ?? false,
      broadcaster_id: null,
      show_chat: true,
      download_meeting: live.download ?? false,
      enable_chat: live.chat ?? false,
      redis_hostname: null,
      redis_port: null,
      redis_channel: null,
    });
    return id;
  }

  addWebinar(live: Parameters<PodStandIn['addWebinar']>[0]): number {
    const broadcaster = this.#addBroadcaster({
      name: `Webinaire ${live.name}`,
      broadcaster_url: live.streamUrl,
      status: false,
    });
    const session = ++this.#serial;
    this.#sessions.set(session, {
      id: session,
      name: live.name,
      meeting_id: live.meetingId,
      is_webinar: true,
    });
    const gateway = ++this.#serial;
    this.#gateways.set(gateway, {
      id: gateway,
      rtmp_stream_url: live.rtmpUrl,
      broadcaster_id: broadcaster['id'],
    });
    const id = ++this.#serial;
    this.webinars.set(id, {
      id,
      meeting: `${INNER}/rest/meeting_session/${session}/`,
      event: `${INNER}/rest/events/${id}/`,
      status: 1,
      live_gateway_id: gateway,
    });
    return id;
  }

  answer(request: http.IncomingMessage, text: string, response: http.ServerResponse): void {
    if (this.mode === 'down') return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://pod');
    const body = text === '' ? null : (JSON.parse(text) as Row);
    const { status, answer } = this.#route(request, url, body);
    this.calls.push({ method: request.method ?? '', path: url.pathname + url.search, body, status });
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(status === 204 ? '' : JSON.stringify(answer));
  }

  #route(request: http.IncomingMessage, url: URL, body: Row | null): { status: number; answer: unknown } {
    if (this.mode === 'error') return { status: 500, answer: {} };
    if (this.mode === 'student')
      return { status: 403, answer: { detail: "Vous n'avez pas la permission d'effectuer cette action." } };
    if (this.mode === 'unknown' || request.headers.authorization !== `Token ${this.token}`)
      return { status: 401, answer: { detail: 'Informations d’authentification non fournies.' } };
    const [, name = '', key] = /^\/rest\/(?:(\w+)\/)?(?:([\w-]+)\/)?$/.exec(url.pathname) ?? [];
    if (url.pathname === '/rest/') return { status: 200, answer: this.#root() };
    const table = this.#table(name);
    if (table === null) return { status: 404, answer: { detail: 'Pas trouvé.' } };
    if (key === undefined) {
      if (request.method === 'POST' && name === 'broadcasters') return this.#create(body ?? {});
      return { status: 200, answer: this.#page(name, [...table.values()], url) };
    }
    const row =
      name === 'broadcasters' ? [...table.values()].find((b) => b['slug'] === key) : table.get(Number(key));
    if (row === undefined) return { status: 404, answer: { detail: 'Pas trouvé.' } };
    if (request.method === 'DELETE') {
      table.delete(Number(row['id']));
      return { status: 204, answer: null };
    }
    if (request.method === 'PATCH') {
      const { url: given, ...rest } = body ?? {};
      Object.assign(row, rest);
      if (name === 'broadcasters' && this.#options.broadcasterField === 'url' && given !== undefined)
        row['url'] = given;
    }
    return { status: 200, answer: row };
  }

  #root(): Row {
    const { generation } = this.#options;
    const names = [
      'users',
      'broadcasters',
      'buildings',
      ...(generation === 'webinar' ? [] : ['bbb_meeting', 'bbb_attendee', 'bbb_livestream']),
      ...(generation === 'bbb' ? [] : ['meeting_session', 'meeting_livestream', 'meeting_live_gateway']),
    ];
    return Object.fromEntries(names.map((name) => [name, `${INNER}/rest/${name}/`]));
  }

  #table(name: string): Map<number, Row> | null {
    if (!(name in this.#root())) return null;
    const tables: Record<string, Map<number, Row>> = {
      broadcasters: this.broadcasters,
      buildings: this.#buildings,
      bbb_meeting: this.meetings,
      bbb_livestream: this.livestreams,
      meeting_session: this.#sessions,
      meeting_livestream: this.webinars,
      meeting_live_gateway: this.#gateways,
    };
    return tables[name] ?? null;
  }

  #page(name: string, rows: Row[], url: URL): Row {
    const status = url.searchParams.get('status');
    const filtered =
      status === null || (this.#options.ignoresFilters === true && name === 'bbb_livestream')
        ? rows
        : rows.filter((row) => String(row['status']) === status);
    const page = Number(url.searchParams.get('page') ?? '1');
    const next = filtered.length > page * PAGE;
    const query = new URLSearchParams(url.searchParams);
    query.set('page', String(page + 1));
    return {
      count: filtered.length,
      next: next ? `${INNER}${url.pathname}?${query.toString()}` : null,
      previous: null,
      results: filtered.slice((page - 1) * PAGE, page * PAGE),
    };
  }

  #create(body: Row): { status: number; answer: unknown } {
    const field = this.#options.broadcasterField ?? 'broadcaster_url';
    if (typeof body[field] !== 'string')
      return { status: 400, answer: { [field]: ['Ce champ est obligatoire.'] } };
    if (typeof body['building'] !== 'string' || !/\/rest\/buildings\/\d+\/$/.test(body['building']))
      return { status: 400, answer: { building: ['Lien hypertexte non valide'] } };
    if ([...this.broadcasters.values()].some((b) => b['name'] === body['name']))
      return { status: 400, answer: { name: ['Un objet Diffuseur avec ce champ nom existe déjà.'] } };
    return { status: 201, answer: this.#addBroadcaster(body) };
  }

  #addBroadcaster(body: Row): Row {
    const id = ++this.#serial;
    const slug = String(body['name'])
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/[-\s]+/g, '-');
    const old = this.#options.broadcasterField === 'url';
    const row: Row = {
      id,
      name: body['name'],
      slug,
      building: body['building'] ?? null,
      status: body['status'] ?? false,
      is_restricted: body['is_restricted'] ?? false,
      ...(old
        ? { url: body['url'] }
        : { url: `${INNER}/rest/broadcasters/${slug}/`, broadcaster_url: body['broadcaster_url'] }),
    };
    this.broadcasters.set(id, row);
    return row;
  }
}
