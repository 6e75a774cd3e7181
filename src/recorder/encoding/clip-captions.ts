/**
 * WebVTT that ends with the recording: cues behind its end are dropped, one that crosses it is shortened. A player
 * would show a longer film otherwise.
 */
export function clipCaptions(text: string, durationMs: number): string {
  const blocks = text.replace(/\r\n?/g, '\n').split(/\n{2,}/);
  const kept = blocks.flatMap((block) => {
    const match = TIMES.exec(block);
    if (match === null) return [block];
    const [whole, from = '', to = '', rest = ''] = match;
    if (toMs(from) >= durationMs) return [];
    if (toMs(to) <= durationMs) return [block];
    return [block.replace(whole, `${from} --> ${fromMs(durationMs)}${rest}`)];
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
