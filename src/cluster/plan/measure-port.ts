/** One rendition to encode as an ingest does. */
export interface RungToMeasure {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly videoRate: number;
}

export interface EncodingMeasure {
  readonly cores: number;
  /** CPU seconds per second of video, per live rendition. */
  readonly coresPerRung: Readonly<Record<string, number>>;
  /** Core-minutes per minute of 1080p25 video for Pod's 360, 720 and 1080 renditions in one pass. */
  readonly podCoreMinutes: number;
  readonly sampleSeconds: number;
}
