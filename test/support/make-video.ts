import { execFileSync } from 'node:child_process';

/**
 * A real video of so many minutes that takes a second to make: one picture a minute, none like another.
 * Each minute has some 10 kB.
 */
export function makeVideo(file: string, minutes: number): void {
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=1/60:duration=${minutes * 60}`],
    ...['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-shortest', '-c:a', 'aac', '-b:a', '8k'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '1', '-f', 'mp4', file],
  ]);
}
