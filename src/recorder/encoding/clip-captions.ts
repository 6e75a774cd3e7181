/**
 * WebVTT of a part of a recording: cues outside are dropped, those that cross its ends are shortened (a player would
 * show a longer film otherwise), and times count from its start.
 */
export function clipCaptions(text: string, startMs: number, durationMs: number): string {
  const blocks = text.replace(/\r\n?/g, '\n').split(/\n{2,}/);
  const kept = blocks.flatMap((block) => {
    const match = TIMES.exec(block);
    if (match === null) return [block];
    const [whole, from = '', to = '', rest = ''] = match;
    const [begin, end] = [toMs(from) - startMs, toMs(to) - startMs];
    if (begin >= durationMs || end <= 0) return [];
    if (startMs === 0 && end <= durationMs) return [block];
    return [
      block.replace(whole, `${fromMs(Math.max(0, begin))} --> ${fromMs(Math.min(end, durationMs))}${rest}`),
    ];
  });
  return `${kept.join('\n\n').trimEnd()}\n`;
}

const TIMES = /^((?:\d+:)?\d\d:\d\d\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d\d:\d\d\.\d{3})([^\n]*)$/m;

function toMs(time: string): number {
  const [seconds = 0, minutes = 0, hours = 0] = time.split(':').reverse().map(Number);
  return Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
}

function fromMs(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const seconds = (ms % 60_000) / 1000;
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${seconds.toFixed(3).padStart(6, '0')}`;
}
