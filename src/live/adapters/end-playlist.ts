import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  chmodSync,
  chownSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Writes the end into the playlists of a stream that nginx-rtmp left without one (EXT-X-ENDLIST): players then
 * stop at the last segment instead of asking for ever.
 * @returns how many playlists were ended.
 */
export function endPlaylists(directory: string, streamName: string): number {
  if (!existsSync(directory) || !/^[\w.-]+$/.test(streamName)) return 0;
  const own = new RegExp(`^${streamName.replaceAll('.', '\\.')}(_[\\w]+)?\\.m3u8$`);
  const files = readdirSync(directory)
    .filter((name) => own.test(name))
    .map((name) => path.join(directory, name));
  const nested = path.join(directory, streamName, 'index.m3u8');
  if (existsSync(nested)) files.push(nested);
  return files.filter(endOne).length;
}

function endOne(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  if (!text.includes('#EXTINF') || text.includes('#EXT-X-ENDLIST')) return false;
  const { mode, uid, gid } = statSync(file);
  const temporary = `${file}.bbb2pod`;
  try {
    writeFileSync(temporary, `${text.trimEnd()}\n#EXT-X-ENDLIST\n`);
    chmodSync(temporary, mode & 0o777);
    if (process.getuid?.() === 0) chownSync(temporary, uid, gid);
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
  return true;
}
