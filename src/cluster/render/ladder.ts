import type { Rung, StreamingInventory } from '../streaming/inventory.js';

/** H.264 Main, at the level that the picture takes (ITU-T H.264, table A-1), and its RFC 6381 name. */
export function videoLevel({ width, height, frame_rate: rate }: Rung): { level: string; codec: string } {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const speed = macroblocks * rate;
  const [level] = LEVELS.find(([, frame, second]) => macroblocks <= frame && speed <= second) ?? [5.1];
  return {
    level: level.toFixed(1),
    codec: `avc1.4d40${Math.round(level * 10)
      .toString(16)
      .padStart(2, '0')}`,
  };
}

const LEVELS: readonly (readonly [number, number, number])[] = [
  [2.1, 792, 19_800],
  [3.0, 1620, 40_500],
  [3.1, 3600, 108_000],
  [3.2, 5120, 216_000],
  [4.0, 8192, 245_760],
  [4.2, 8704, 522_240],
  [5.1, 36_864, 983_040],
];

/** Peak rate as a playlist declares it: what the encoder may reach, and the transport stream around it. */
export const declaredBandwidth = ({ video, audio }: Rung): number => Math.round((video + audio) * 1.1);

/** `hls_variant` lines: what the master playlist says of each rendition. */
export const variantLines = ({ ladder }: StreamingInventory): string =>
  ladder
    .map((rung) => {
      // What a copied rung really carries is the source's affair: no CODECS rather than a false one.
      const codecs = rung.copy ? '' : `,CODECS="${videoLevel(rung).codec},mp4a.40.2"`;
      return `hls_variant _${rung.name} BANDWIDTH=${declaredBandwidth(rung)},RESOLUTION=${rung.width}x${rung.height}${codecs},FRAME-RATE=${rung.frame_rate.toFixed(3)};`;
    })
    .join('\n');

/** Seconds between key frames: the segment, or its half when it is long, so that players start early. */
export const keyFrameSeconds = (segmentSeconds: number): number =>
  segmentSeconds >= 4 && segmentSeconds % 2 === 0 ? segmentSeconds / 2 : segmentSeconds;

/**
 * The one ffmpeg that makes all renditions of a stream. Key frames by the clock, so that they fall on the same
 * instants in all of them.
 * @param port RTMP port of the ingest.
 */
export function transcoderCommand({ ladder, segment_seconds }: StreamingInventory, port: number): string {
  const every = keyFrameSeconds(segment_seconds);
  const outputs = ladder.map((rung) => {
    const target = `-f flv rtmp://127.0.0.1:${port}/broadcast/$name_${rung.name}`;
    if (rung.copy) return `-map 0:v:0 -map 0:a:0? -c copy ${target}`;
    const { level } = videoLevel(rung);
    const gop = Math.round(rung.frame_rate * every);
    return [
      `-map 0:v:0 -map 0:a:0? -vf scale=${rung.width}:${rung.height} -r ${rung.frame_rate}`,
      `-c:v libx264 -preset veryfast -profile:v main -level ${level} -pix_fmt yuv420p`,
      `-b:v ${rung.video} -maxrate ${rung.video} -bufsize ${rung.video}`,
      `-g ${gop} -keyint_min ${gop} -sc_threshold 0 -force_key_frames expr:gte(t,n_forced*${every})`,
      `-c:a aac -b:a ${rung.audio} -ar 48000 -ac 2 ${target}`,
    ].join(' ');
  });
  return `/usr/bin/ffmpeg -nostdin -loglevel error -i rtmp://127.0.0.1:${port}/ingest/$name ${outputs.join(' ')}`;
}
