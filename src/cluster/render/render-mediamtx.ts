import { localized } from '../../kit/output/localized.js';
import type { Rung, StreamingInventory } from '../streaming/inventory.js';
import { fillTemplate } from './fill-template.js';
import { declaredBandwidth, keyFrameSeconds, videoLevel } from './ladder.js';
import { templateOf, type RenderedFile, type Templates } from './layout.js';

/** SRT's usual port with MediaMTX. */
const SRT_PORT = 8890;

/**
 * MediaMTX as ingest: it takes RTMP and SRT in, one ffmpeg per stream makes the renditions and the HLS files in the same
 * place and of the same names as nginx-rtmp, so that broadcast nodes and balancers are what they were.
 */
export function renderMediaMtx(
  name: string,
  streaming: StreamingInventory,
  templates: Templates,
  hlsPath: string,
): RenderedFile[] {
  const ingest = streaming.ingests[name];
  if (ingest === undefined) return [];
  return [
    {
      node: name,
      path: 'etc/mediamtx/mediamtx.yml',
      mode: 0o644,
      text: fillTemplate(templateOf(templates, 'mediamtx.yml'), {
        node: name,
        publicName: streaming.public_name,
        rtmpPort: ingest.rtmp_port,
        srt: ingest.srt_port === undefined ? 'no' : 'yes',
        srtPort: ingest.srt_port ?? SRT_PORT,
        publishers: publisherLines(streaming.publishers),
      }),
    },
    {
      node: name,
      path: 'usr/local/sbin/mediamtx-renditions',
      mode: 0o755,
      text: fillTemplate(templateOf(templates, 'mediamtx-renditions.sh'), {
        hlsPath,
        ffmpeg: hlsCommand(name, streaming),
        master: masterText(name, streaming),
      }),
    },
    {
      node: name,
      path: 'etc/systemd/system/mediamtx.service',
      mode: 0o644,
      text: fillTemplate(templateOf(templates, 'mediamtx.service'), { node: name }),
    },
  ];
}

/** Who may publish; nobody, when the inventory names no publisher, as nginx-rtmp is rendered. */
const publisherLines = (publishers: readonly string[]): string =>
  publishers.length === 0
    ? localized(
        '# publishers = [] in cluster.toml: nobody may publish yet.',
        '# publishers = [] dans cluster.toml : personne ne peut encore publier.',
      )
    : [
        '- user: any',
        `  ips: [${publishers.map((address) => `'${address}'`).join(', ')}]`,
        '  permissions:',
        '    - action: publish',
      ].join('\n');

/** The one ffmpeg of a stream: it reads by RTSP, and writes renditions named as nginx-rtmp names them. */
export function hlsCommand(
  node: string,
  { ladder, segment_seconds: segment, playlist_seconds: window }: StreamingInventory,
): string {
  const every = keyFrameSeconds(segment);
  const maps = ladder.map(() => '-map 0:v:0 -map 0:a:0?').join(' ');
  const codecs = ladder.map((rung, i) => encoderOf(rung, i, every)).join(' ');
  const streams = ladder.map((rung, i) => `v:${i},a:${i},name:${rung.name}`).join(' ');
  return [
    'ffmpeg -nostdin -loglevel error -rtsp_transport tcp -i "${SOURCE:-rtsp://127.0.0.1:8554/$1}"',
    maps,
    codecs,
    `-f hls -hls_time ${segment} -hls_list_size ${Math.max(3, Math.ceil(window / segment))}`,
    // Names by the clock: a restarted ingest never reuses the name of a segment that a cache holds.
    '-hls_flags delete_segments+independent_segments+temp_file -hls_start_number_source epoch',
    `-hls_base_url /hls/${node}/ -hls_segment_filename "$hls/\${stream}_%v-%d.ts"`,
    `-var_stream_map "${streams}" "$hls/\${stream}_%v.m3u8"`,
  ].join(' \\\n    ');
}

function encoderOf(rung: Rung, i: number, every: number): string {
  if (rung.copy) return `-c:v:${i} copy -c:a:${i} copy`;
  const gop = Math.round(rung.frame_rate * every);
  return [
    `-filter:v:${i} scale=${rung.width}:${rung.height} -r:v:${i} ${rung.frame_rate}`,
    `-c:v:${i} libx264 -preset:v:${i} veryfast -profile:v:${i} main -level:v:${i} ${videoLevel(rung).level} -pix_fmt:v:${i} yuv420p`,
    `-b:v:${i} ${rung.video} -maxrate:v:${i} ${rung.video} -bufsize:v:${i} ${rung.video}`,
    `-g:v:${i} ${gop} -keyint_min:v:${i} ${gop} -sc_threshold:v:${i} 0 -force_key_frames:v:${i} "expr:gte(t,n_forced*${every})"`,
    `-c:a:${i} aac -b:a:${i} ${rung.audio} -ar:a:${i} 48000 -ac:a:${i} 2`,
  ].join(' ');
}

/** The master playlist, with the stream's name left to the shell. */
const masterText = (node: string, { ladder }: StreamingInventory): string =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    ...ladder.flatMap((rung) => {
      const codecs = rung.copy ? '' : `,CODECS="${videoLevel(rung).codec},mp4a.40.2"`;
      return [
        `#EXT-X-STREAM-INF:BANDWIDTH=${declaredBandwidth(rung)},RESOLUTION=${rung.width}x${rung.height}${codecs},FRAME-RATE=${rung.frame_rate.toFixed(3)}`,
        `/hls/${node}/\${stream}_${rung.name}.m3u8`,
      ];
    }),
  ].join('\n');
