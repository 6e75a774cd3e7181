/** What getRecordings says of one recording, whatever the server. Plain data, serialisable. */
export interface Recording {
  /** BBB's recordID, which is the internalMeetingID of the session: `<sha1>-<start in ms>`. */
  readonly recordId: string;
  readonly internalMeetingId: string;
  /** The external meetingID that the application (Moodle, Pod, Greenlight) gave. */
  readonly meetingId: string;
  readonly name: string;
  readonly state: RecordingState;
  /** Session start, Unix milliseconds. */
  readonly startAt: number;
  /** Session end, Unix milliseconds; null when the server does not say. */
  readonly endAt: number | null;
  readonly participants: number | null;
  readonly sizeBytes: number | null;
  readonly isBreakout: boolean;
  /** The internal id of the meeting that a breakout room belongs to; missing when the server does not say. */
  readonly parentId?: string;
  /** Keys in lower case, as BBB gives them (`bbb-origin-server-name`). */
  readonly metadata: Readonly<Record<string, string>>;
  readonly formats: readonly PlaybackFormat[];
  /** The configured server it was listed from: the name of its [bbb.NAME] section. */
  readonly server: string;
}

export interface PlaybackFormat {
  /** `video`, `presentation`, `podcast`, `screenshare`, `notes`, `statistics` or anything else. */
  readonly type: string;
  /** Never empty; formats without a URL are dropped by the parser. */
  readonly url: string;
  /** Minutes, as BBB rounds them. */
  readonly lengthMinutes: number | null;
  readonly sizeBytes: number | null;
}

/** BBB's states; `unknown` stands for what a future version may invent. */
export type RecordingState = 'published' | 'unpublished' | 'deleted' | 'processing' | 'processed' | 'unknown';
