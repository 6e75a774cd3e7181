import { renderTable } from '../../../kit/output/table.js';
import { plainText } from '../../../kit/output/text.js';
import { renderDuration } from '../../../kit/output/units.js';
import type { LiveStatusReport } from '../status.js';

/** A table for people, then what is wrong. @param width columns of the terminal */
export function renderLiveStatus(
  { lives, warnings }: LiveStatusReport,
  now = Date.now(),
  width = 100,
): string {
  const rows = lives.map((live) => [
    live.id,
    String(live.slot),
    live.state,
    live.meeting,
    live.onAirAt === null ? '-' : renderDuration(now - live.onAirAt),
    number(live.fps, 0),
    number(live.speed, 2),
    live.droppedPercent === null ? '-' : `${live.droppedPercent.toFixed(1)} %`,
    number(live.bitrateKbps, 0),
    live.audio,
    number(live.people, 0),
    number(live.viewers, 0),
  ]);
  const table =
    lives.length === 0
      ? 'Nothing is on air here.'
      : renderTable(
          [
            { title: 'live' },
            { title: 'slot', align: 'right' },
            { title: 'state' },
            { title: 'meeting', shrinks: true },
            { title: 'since', align: 'right' },
            { title: 'fps', align: 'right' },
            { title: 'speed', align: 'right' },
            { title: 'drops', align: 'right' },
            { title: 'kbit/s', align: 'right' },
            { title: 'audio' },
            { title: 'people', align: 'right' },
            { title: 'viewers', align: 'right' },
          ],
          rows,
          width,
        );
  const incidents = lives.flatMap((live) =>
    live.incidents.map(({ code, detail }) => plainText(`! ${live.id}: ${code} (${detail})`)),
  );
  const targets = lives
    .filter((live) => live.targets.length > 1)
    .flatMap((live) => live.targets.map(({ shown, state }) => plainText(`${live.id} -> ${shown}: ${state}`)));
  return [table, ...targets, ...incidents, ...warnings.map((warning) => plainText(`! ${warning}`))].join(
    '\n',
  );
}

const number = (value: number | null, digits: number): string =>
  value === null ? '-' : value.toFixed(digits);
