import { messageOf, OperatorError, shownFailure } from '../../kit/errors/operator-error.js';
import { pause } from '../../kit/pause.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';

/** Long enough for a key frame after the handshake; nginx-rtmp closes the segment when the publisher leaves. */
const SECONDS = 2;

/**
 * Publishes a test card with a tone for a moment.
 * @returns what ffmpeg said when it was refused; null when it was taken.
 */
export async function publishTestCard({
  ffmpeg,
  url,
  signal,
}: {
  ffmpeg: string;
  url: string;
  signal: AbortSignal;
}): Promise<{ failure: readonly string[] | null }> {
  const { code, stderrTail } = await runToEnd({
    file: ffmpeg,
    args: [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+error'],
      ...['-re', '-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=15:duration=${SECONDS}`],
      ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${SECONDS}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '15', '-b:v', '200k'],
      ...['-c:a', 'aac', '-b:a', '64k', '-ar', '44100', '-rw_timeout', '10000000', '-f', 'flv', url],
    ],
    timeLimitMs: 25_000,
    mustSucceed: false,
    signal,
  });
  return { failure: code === 0 ? null : stderrTail };
}

/**
 * Waits until a playlist has a segment and that segment is a transport stream.
 * @returns null when it plays, else what was there instead.
 */
export async function findInHls(
  fetchText: (url: string) => Promise<{ status: number; text: string }>,
  playlist: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<string | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look(fetchText, playlist).catch((error: unknown) => {
      signal.throwIfAborted();
      return error instanceof OperatorError ? shownFailure(error).text : messageOf(error);
    });
    if (seen === null || Date.now() > deadline) return seen;
    await pause(300);
  }
}

async function look(
  fetchText: (url: string) => Promise<{ status: number; text: string }>,
  playlist: string,
): Promise<string | null> {
  const { status, text } = await fetchText(playlist);
  if (status !== 200) return `status ${status}`;
  const segment = /^(?!#)\S+/m.exec(text)?.[0];
  if (segment === undefined) return 'the playlist has no segment';
  const media = await fetchText(new URL(segment, playlist).href);
  // A packet of a transport stream begins with the letter G.
  return media.status === 200 && media.text.startsWith('G') ? null : `segment: status ${media.status}`;
}
