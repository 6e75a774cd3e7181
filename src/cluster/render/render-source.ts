import type { StreamingInventory } from '../streaming/inventory.js';
import { fillTemplate } from './fill-template.js';
import { keyFrameSeconds } from './ladder.js';
import { bracket } from '../inventory/values.js';
import { templateOf, type RenderedFile, type Templates } from './layout.js';

/** Colour bars, a clock and a tone to every ingest at once; one that dies does not stop the others. */
export function testCardArguments(
  streaming: StreamingInventory,
  stream: string,
  { width, height, frameRate }: { width: number; height: number; frameRate: number },
): string[] {
  const every = keyFrameSeconds(streaming.segment_seconds);
  const gop = Math.round(frameRate * every);
  const targets = Object.values(streaming.ingests).map(
    ({ address, rtmp_port: port }) =>
      `[f=flv:onfail=ignore:flvflags=no_duration_filesize]rtmp://${bracket(address)}:${port}/${streaming.server === 'nginx-rtmp' ? 'ingest' : 'live'}/${stream}`,
  );
  return [
    ...['-nostdin', '-loglevel', 'error', '-re', '-f', 'lavfi'],
    ...['-i', movingBars(width, height, frameRate)],
    ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency'],
    ...['-pix_fmt', 'yuv420p', '-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0'],
    ...[
      '-b:v',
      height >= 720 ? '4500k' : '600k',
      '-c:a',
      'aac',
      '-b:a',
      '128k',
      '-ac',
      '2',
      '-flags',
      '+global_header',
    ],
    ...['-f', 'tee', '-use_fifo', '1'],
    ...[
      '-fifo_options',
      'attempt_recovery=1:recover_any_error=1:drop_pkts_on_overflow=1:recovery_wait_time=1',
    ],
    targets.join('|'),
  ];
}

/** Colour bars, and a square that crosses them: bars alone would not show that they stand still. */
const movingBars = (width: number, height: number, frameRate: number): string => {
  const side = Math.max(16, Math.round(height / 9));
  const bars = `smptehdbars=size=${width}x${height}:rate=${frameRate}[bars]`;
  const mark = `color=white:size=${side}x${side}:rate=${frameRate}[mark]`;
  return `${bars};${mark};[bars][mark]overlay=x=mod(t*${Math.round(width / 8)}\\,${width - side}):y=${Math.round(height / 2)}`;
};

/** The test card's unit, for a machine that may publish. */
export const renderSource = (streaming: StreamingInventory, templates: Templates): RenderedFile[] => [
  {
    node: 'source',
    path: 'etc/systemd/system/test-card.service',
    text: fillTemplate(templateOf(templates, 'test-card.service'), {
      command: [
        '/usr/bin/ffmpeg',
        ...testCardArguments(streaming, streaming.streams[0] ?? 'direct', {
          width: 1920,
          height: 1080,
          frameRate: 25,
        }),
      ]
        .map(unitWord)
        .join(' '),
    }),
    mode: 0o644,
  },
];

/** One word of ExecStart (systemd.service, "Command lines"): % doubled, quotes and backslashes escaped. */
export const unitWord = (word: string): string => {
  const safe = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./?-]+$/.test(safe) ? safe : `"${safe.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
};
