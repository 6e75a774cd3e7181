import { readFileSync, readdirSync } from 'node:fs';
import type { LiveBench } from './bench.js';
import { colourOf, playlist } from './media.js';

/** From a flash in the page to the first segment that shows it. */
export async function latencySeconds(bench: LiveBench): Promise<number> {
  const name = bench.store.list()[0]?.job.streamName ?? '';
  const url = `${bench.nginx.hlsUrl}${name}.m3u8`;
  const known = new Set((await playlist(url))?.text.match(/^\S+\.ts$/gm));
  bench.bbb.flash('m');
  const at = Date.now();
  while (Date.now() - at < 30_000) {
    for (const segment of (await playlist(url))?.text.match(/^\S+\.ts$/gm) ?? []) {
      if (known.has(segment)) continue;
      known.add(segment);
      const seenAt = Date.now();
      for (const second of [0, 0.9, 1.8]) {
        const { r } = await colourOf(`${bench.nginx.hlsUrl}${segment}`, second).catch(() => ({ r: 0 }));
        if (r > 180) return (seenAt - at) / 1000;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Number.NaN;
}

/** CPU of the keeper and its children (their groups), in seconds. */
export function cpuSeconds(bench: LiveBench): number {
  const [live] = bench.store.list();
  const groups = new Set([
    bench.store.keeper(live?.job.id ?? '')?.pid,
    ...Object.values(live?.status?.children ?? {}),
  ]);
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .reduce((sum, pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return groups.has(Number(fields[2])) ? sum + (Number(fields[11]) + Number(fields[12])) / 100 : sum;
      } catch {
        return sum;
      }
    }, 0);
}
