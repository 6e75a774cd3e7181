import { messageOf, OperatorError } from '../../kit/errors/operator-error.js';
import type { LiveSettings } from '../../doctor/doctor-ports.js';
import type { DoctorPorts } from '../../doctor/doctor-ports.js';
import type { Context } from '../kit/context.js';
import { required } from '../kit/missing-key.js';

type LivePorts = Pick<
  DoctorPorts,
  'tryStream' | 'askLivePod' | 'askLiveRedis' | 'askEngine' | 'tryScreen' | 'listDevices' | 'probeMail'
>;

/** What doctor may know of `[live]`; null when nothing goes live from here. */
export async function doctorLiveSettings(context: Context): Promise<LiveSettings | null> {
  const { live, pod } = context.configuration;
  if (live.rtmp_url === undefined && live.gateway_token === undefined) return null;
  const { workDirectory } = await import('../live/settings.js');
  const orNull = (text: string | undefined): string | null =>
    text === undefined || text === '' ? null : text;
  return {
    backend: live.backend,
    hasRtmpUrl: live.rtmp_url !== undefined,
    hlsUrl: live.hls_url ?? null,
    hasPodToken: pod.token !== undefined && pod.url !== undefined,
    buildingId: live.building_id,
    hasRedis: live.redis !== undefined,
    recordingsPath: orNull(live.recordings_path),
    webinarRecordingsPath: orNull(live.webinar_recordings_path),
    claimsPath: orNull(live.claims_path),
    workDirectory: workDirectory(context),
  };
}

export function doctorLivePorts(context: Context): LivePorts {
  return {
    tryStream: (signal) => tryStream(context, signal),
    askLivePod: (buildingId, signal) => askLivePod(context, buildingId, signal),
    askLiveRedis: (signal) => askLiveRedis(context, signal),
    askEngine,
    tryScreen: async (signal) => {
      const { startScreen } = await import('../../live/adapters/screen.js');
      const size = { width: 640, height: 360 };
      await (await startScreen({ size, startTimeoutMs: 20_000, signal })).stop();
    },
    listDevices: async (program, signal) => {
      const { runToEnd } = await import('../../kit/adapters/process/run-to-end.js');
      const args = ['-hide_banner', '-devices'];
      return (await runToEnd({ file: program, args, signal, timeLimitMs: 15_000 })).stdout.toString();
    },
    probeMail: (signal) => probeMail(context, signal),
  };
}

async function tryStream(context: Context, signal: AbortSignal): ReturnType<LivePorts['tryStream']> {
  const [{ publishTestCard, findInHls }, { streamTarget }, { readEncoderLine }, { openFetch }] =
    await Promise.all([
      import('../../live/adapters/test-card.js'),
      import('../../live/stream-target.js'),
      import('../../live/encoder-watch.js'),
      import('../live/settings.js'),
    ]);
  const { live, recorder } = context.configuration;
  const name = `bbb2pod-doctor-${Date.now().toString(36)}`;
  const target = streamTarget(live.rtmp_url?.[0]?.reveal() ?? '', name);
  const hls = live.hls_url === undefined ? null : `${live.hls_url.replace(/\/*$/, '/')}${name}.m3u8`;
  const { failure } = await publishTestCard({ ffmpeg: recorder.ffmpeg, url: target.url, signal });
  const seen = (outcome: 'played' | 'unreachable' | 'refused' | 'not-played', detail = '') => ({
    outcome,
    target: target.shown,
    hls,
    detail: detail.replaceAll(target.url, target.shown),
  });
  if (failure !== null) {
    const meanings = failure.map((line) => readEncoderLine(line));
    const unreachable = meanings.some((m) => m?.kind === 'trouble' && m.trouble === 'rtmp-unreachable');
    return seen(unreachable ? 'unreachable' : 'refused', failure.at(-1));
  }
  if (hls === null) return seen('played');
  const fetchText = openFetch(context, live.rtmp_ca_file);
  const missing = await findInHls((url) => fetchText({ method: 'GET', url, signal }), hls, {
    timeoutMs: Math.min(10, live.start_wait) * 1000,
    signal,
  });
  return missing === null ? seen('played') : seen('not-played', missing);
}

async function askLivePod(
  context: Context,
  buildingId: number,
  signal: AbortSignal,
): ReturnType<LivePorts['askLivePod']> {
  const [{ PodRest }, { listGenerations }, { openFetch }] = await Promise.all([
    import('../../pod/rest/client.js'),
    import('../../pod/rest/probe.js'),
    import('../live/settings.js'),
  ]);
  const { pod } = context.configuration;
  const rest = new PodRest({
    url: required(context, 'pod', 'url', pod.url),
    token: required(context, 'pod', 'token', pod.token),
    fetchText: openFetch(context, pod.ca_file),
  });
  try {
    const generations = await listGenerations(rest, signal);
    const building = await rest.read(`buildings/${buildingId}/`, signal);
    const name = building?.['name'];
    return {
      refused: null,
      generations,
      building: building === null ? null : typeof name === 'string' ? name : String(buildingId),
    };
  } catch (error) {
    const status = error instanceof OperatorError ? error.parameters['status'] : undefined;
    if (status === 401 || status === 403) return { refused: status, generations: [], building: null };
    throw error;
  }
}

async function askLiveRedis(context: Context, signal: AbortSignal): ReturnType<LivePorts['askLiveRedis']> {
  const [{ connectRedis }, { chatAddress }] = await Promise.all([
    import('../../kit/adapters/redis/connect.js'),
    import('../live/sharing.js'),
  ]);
  const { host, port } = chatAddress(context) ?? { host: '', port: 0 };
  // As Pod connects: host and port alone.
  const address = {
    scheme: 'redis',
    hosts: [{ host, port }],
    path: null,
    username: null,
    password: null,
    database: 0,
  } as const;
  try {
    (await connectRedis(address, { timeoutMs: 5000, signal })).disconnect();
    return { host, port, failure: null };
  } catch (error) {
    signal.throwIfAborted();
    const detail = messageOf(error);
    return { host, port, failure: { kind: /NOAUTH/.test(detail) ? 'password' : 'unreachable', detail } };
  }
}

async function askEngine(signal: AbortSignal): ReturnType<LivePorts['askEngine']> {
  const [{ composeProgram }, { runToEnd }] = await Promise.all([
    import('../../live/adapters/compose.js'),
    import('../../kit/adapters/process/run-to-end.js'),
  ]);
  const ask = async (file: string, args: readonly string[]) =>
    runToEnd({ file, args, signal, timeLimitMs: 15_000, mustSucceed: false }).catch((error: unknown) => {
      signal.throwIfAborted();
      return { code: -1, stdout: Buffer.alloc(0), stderrTail: [messageOf(error, '')] };
    });
  const [program = '', ...front] = await composeProgram();
  const compose = await ask(program, [...front, 'version', '--short']);
  if (compose.code !== 0) return { version: '', failure: compose.stderrTail.at(-1) ?? program };
  const engine = await ask('docker', ['version', '--format', '{{.Server.Version}}']);
  const version = `engine ${engine.stdout.toString().trim()}, compose ${compose.stdout.toString().trim()}`;
  return { version, failure: engine.code === 0 ? null : (engine.stderrTail.at(-1) ?? 'docker version') };
}

async function probeMail(context: Context, signal: AbortSignal): ReturnType<LivePorts['probeMail']> {
  const [{ probeMailServer }, { parseMailServer }] = await Promise.all([
    import('../../kit/adapters/mail/send-mail.js'),
    import('../../kit/adapters/mail/mail-server.js'),
  ]);
  const { smtp } = context.configuration.mail;
  const server = parseMailServer(smtp);
  try {
    await probeMailServer(server, { signal, timeoutMs: 10_000 });
    return { server: server.label, failure: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OperatorError)) throw error;
    return { server: server.label, failure: String(error.parameters['detail'] ?? error.message) };
  }
}
