import { pause } from '../../kit/pause.js';
import { listen } from '../../live/adapters/gateway-listener.js';
import type { LiveDirectory } from '../../live/adapters/live-store.js';
import { describeCode } from '../../kit/errors/describe-code.js';
import { messageOf } from '../../kit/errors/operator-error.js';
import { answerGateway, RateLimit, type GatewayOrder } from '../../live/gateway.js';
import type { Context } from '../kit/context.js';
import { openPasses, type LivePasses } from './run.js';
import { openStore } from './settings.js';
import { texts as liveTexts } from '../../live/texts.js';
import { words } from './words.js';

/** Serves Pod's webinars until a signal ends it. @throws OperatorError live-gateway-without-token */
export async function serveGateway(context: Context, say: (line: string) => void): Promise<void> {
  const { live } = context.configuration;
  const token = live.gateway_token;
  if (token === undefined) throw liveTexts.liveGatewayWithoutToken();
  const cut = live.gateway_listen.lastIndexOf(':');
  const host = live.gateway_listen.slice(0, cut).replace(/^\[|\]$/g, '');
  if (!/^(127\.|::1$|localhost$)/.test(host))
    say(describeCode('live-gateway-open', { address: live.gateway_listen }).text);
  const store = openStore(context);
  const passes = backgroundPasses(openPasses(context), live.start_wait * 1000, context.signal, say);
  const limit = new RateLimit(live.gateway_rate);
  const listener = await listen({
    host,
    port: Number(live.gateway_listen.slice(cut + 1)),
    onFailure: (error) => say(describeCode('live-gateway-failed', { detail: messageOf(error) }).text),
    allows: (address) => limit.allows(address, Date.now()),
    answer: (request) => {
      const reply = answerGateway(request, token, (order) => takeOrder(store, order, passes.wanted));
      context.log('info', `gateway ${request.address} ${request.method} ${request.path} ${reply.status}`);
      return reply;
    },
  });
  say(words.listening({ address: `${host}:${listener.port}` }));
  // The signal may have come while we were starting.
  if (!context.signal.aborted)
    await new Promise<void>((resolve) =>
      context.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
  await listener.close();
  await passes.settled();
}

/** Orders become files that every pass reads; the gateway itself decides nothing. */
function takeOrder(store: LiveDirectory, order: GatewayOrder, pass: () => void): boolean {
  const kept = store.keptOrders().find(({ room }) => room === order.room);
  if (order.kind === 'start') {
    const { room, meetingId, rtmpUrl } = order;
    store.keepOrder({ room, meetingId, rtmpUrl, desire: 'run', at: Date.now() });
  } else if (kept === undefined) {
    // Stopping what is not there is done already; Pod repeats it after its own restart.
    return order.kind === 'stop';
  } else if (order.kind === 'stop') store.keepOrder({ ...kept, desire: 'stop', at: Date.now() });
  else {
    const live = store.list().find(({ job }) => job.meetingId === kept.meetingId);
    return (
      live !== undefined &&
      store.putChat(
        live.job.id,
        order.kind === 'say' ? { kind: 'say', text: order.text } : { kind: 'toggle' },
      )
    );
  }
  store.knock();
  pass();
  return true;
}

/**
 * One pass at a time, and one more when something came meanwhile, or when newcomers are on air: none waits for them, a
 * stop would have to wait, too. A pass elsewhere (cron, --watch) is as good.
 */
function backgroundPasses(
  passes: LivePasses,
  startWaitMs: number,
  signal: AbortSignal,
  say: (line: string) => void,
) {
  const state = { again: false, running: null as Promise<void> | null };
  const run = async (): Promise<void> => {
    let until = 0;
    do {
      state.again = false;
      if (await onePass()) until = Date.now() + startWaitMs;
      while (Date.now() < until && !isWanted(state) && !signal.aborted) {
        await pause(1000);
        if (passes.hasWork()) state.again = true;
      }
    } while (isWanted(state) && !signal.aborted);
    state.running = null;
  };
  /** Whether it started anything. */
  const onePass = async (): Promise<boolean> => {
    try {
      const report = await passes.run({ waits: false });
      if (!('heldBy' in report))
        return report.actions.some(({ kind }) => kind === 'start' || kind === 'restart');
      state.again = true;
      await pause(1000);
    } catch (error) {
      if (!signal.aborted) say(error instanceof Error ? error.message : 'the pass failed');
    }
    return false;
  };
  return {
    wanted: (): void => {
      state.again = true;
      state.running ??= run();
    },
    settled: async (): Promise<void> => state.running ?? undefined,
  };
}

const isWanted = (state: { again: boolean }): boolean => state.again;
