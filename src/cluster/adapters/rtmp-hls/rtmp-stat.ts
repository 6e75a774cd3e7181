import { XMLParser } from 'fast-xml-parser';
import type { RtmpStatFacts, RtmpStream } from '../../streaming/facts.js';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';

const parser = new XMLParser({
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => ['server', 'application', 'stream', 'client'].includes(name),
});
type Node = Record<string, unknown>;

/**
 * Parses nginx-rtmp's `/stat` page.
 * @throws AdapterError `invalid` when it is not that page.
 */
export function parseRtmpStat(xml: string, at: number): RtmpStatFacts {
  // The parser takes a truncated page without a word.
  if (!xml.trimEnd().endsWith('</rtmp>'))
    throw new AdapterError('invalid', 'the page is not the statistics of nginx-rtmp');
  const root = parse(xml)['rtmp'];
  if (!isNode(root)) throw new AdapterError('invalid', 'the page is not the statistics of nginx-rtmp');
  const applications = list(root['server']).flatMap((server) => list(server['application']));
  return {
    at,
    uptimeSeconds: Number(root['uptime'] ?? 0),
    applications: applications.map((application) => text(application['name'])),
    streams: applications.flatMap((application) =>
      list(node(application['live'])['stream']).map((stream) =>
        readStream(text(application['name']), stream),
      ),
    ),
  };
}

function parse(xml: string): Node {
  try {
    return parser.parse(xml) as Node;
  } catch {
    // The parser limits depth and entities by throwing.
    throw new AdapterError('invalid', 'the page is not the statistics of nginx-rtmp');
  }
}

function readStream(application: string, stream: Node): RtmpStream {
  const clients = list(stream['client']);
  const publisher = clients.find((client) => 'publishing' in client);
  const video = node(node(stream['meta'])['video']);
  const audio = node(node(stream['meta'])['audio']);
  return {
    application,
    name: text(stream['name']),
    bytesIn: Number(stream['bytes_in'] ?? 0),
    bitsInPerSecond: Number(stream['bw_in'] ?? 0),
    publishing: 'publishing' in stream,
    clients: Number(stream['nclients'] ?? clients.length),
    droppedFrames: Number(publisher?.['dropped'] ?? 0),
    avSyncMs: publisher?.['avsync'] === undefined ? null : Number(publisher['avsync']),
    publisherAddress: publisher === undefined ? null : text(publisher['address']),
    video:
      video['codec'] === undefined
        ? null
        : {
            codec: text(video['codec']),
            width: Number(video['width']),
            height: Number(video['height']),
            frameRate: Number(video['frame_rate']),
          },
    audio:
      audio['codec'] === undefined
        ? null
        : { codec: text(audio['codec']), sampleRate: Number(audio['sample_rate']) },
  };
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const node = (value: unknown): Node => (isNode(value) ? value : {});
const list = (value: unknown): Node[] => (Array.isArray(value) ? value.map(node) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
