/**
 * What ffmpeg and ffprobe are told before any file that others made. Without it they look at the first bytes alone: a
 * text named `.webm` is taken for a playlist (HLS, DASH, concat, SDP) and has them read this machine's files and network.
 * Demuxers by their names in ffmpeg 5.1 (libavformat, `ffmpeg -demuxers`): what BigBlueButton publishes, and what Pod takes.
 */
export const FOREIGN_MEDIA_OPTIONS: readonly string[] = [
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  'matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,ogg,mp3,wav,flac',
];

/** A path as ffmpeg's own file protocol takes it: what it looks like never names another protocol. */
export const asMediaFile = (path: string): string => `file:${path}`;
