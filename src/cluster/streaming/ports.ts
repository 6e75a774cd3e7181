import type { Outcome } from '../../kit/outcome.js';
import type { IngestServer, StatisticsSource } from '../check/targets.js';
import type { WebAnswer, WebPorts } from '../check/web-facts.js';
import type { HaproxyFacts, RtmpConnectFacts, RtmpStatFacts, PlaylistText, SegmentMedia } from './facts.js';
import type { DiskFacts } from './run-facts.js';

/** What the streaming checks need of the outside. Each question is bounded in time and never throws. */
export interface StreamingPorts extends WebPorts {
  haproxyStatistics(source: StatisticsSource): Promise<Outcome<HaproxyFacts>>;
  rtmpConnect(target: {
    readonly host: string;
    readonly port: number;
    readonly application: string;
  }): Promise<Outcome<RtmpConnectFacts>>;
  ingestStatistics(request: {
    readonly server: IngestServer;
    readonly url: string;
    readonly application: string;
    readonly streams: readonly string[];
    readonly authorization: string | null;
  }): Promise<Outcome<RtmpStatFacts>>;
  /** SRT's first greeting. */
  srt(host: string, port: number): Promise<Outcome<true>>;
  parsePlaylist(text: string): PlaylistText;
  /** Decodes one segment, behind its initialisation section when it has one. */
  segment(answer: WebAnswer, init: WebAnswer | null): Promise<Outcome<SegmentMedia>>;
  disk(directory: string): Promise<Outcome<DiskFacts>>;
  pause(ms: number): Promise<void>;
  now(): number;
}
