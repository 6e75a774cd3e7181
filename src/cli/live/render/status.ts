import { renderTable } from '../../../kit/output/table.js';
import { plainText } from '../../../kit/output/text.js';
import { renderDuration } from '../../../kit/output/units.js';
import { incidentNote, shownNote } from '../../../live/pass-incidents.js';
import type { LiveStatusReport } from '../status.js';
import { word } from './words.js';
import { words } from '../words.js';

/** A table for people, then what is wrong. @param width columns of the terminal */
export function renderLiveStatus(
  { lives, warnings }: LiveStatusReport,
  now = Date.now(),
  width = 100,
): string {
  const rows = lives.map((live) => [
    live.id,
    String(live.slot),
    word(live.state),
    live.meeting,
    live.onAirAt === null ? '-' : renderDuration(now - live.onAirAt),
    number(live.fps, 0),
    number(live.speed, 2),
    live.droppedPercent === null ? '-' : `${live.droppedPercent.toFixed(1)} %`,
    number(live.bitrateKbps, 0),
    word(live.audio),
    number(live.people, 0),
    number(live.viewers, 0),
  ]);
  const table =
    lives.length === 0
      ? words.nothingOnAir()
      : renderTable(
          [
            { title: words.live() },
            { title: words.slot(), align: 'right' },
            { title: words.state() },
            { title: words.meeting(), shrinks: true },
            { title: words.since(), align: 'right' },
            { title: words.fps(), align: 'right' },
            { title: words.speed(), align: 'right' },
            { title: words.drops(), align: 'right' },
            { title: 'kbit/s', align: 'right' },
            { title: words.audio() },
            { title: words.people(), align: 'right' },
            { title: words.viewers(), align: 'right' },
          ],
          rows,
          width,
        );
  const incidents = lives.flatMap((live) =>
    live.incidents.map((incident) => {
      const { text, remedy } = shownNote(incidentNote(live.id, incident));
      return plainText(`! ${text} [${incident.code}]${remedy === '' ? '' : ` -> ${remedy}`}`);
    }),
  );
  const targets = lives
    .filter((live) => live.targets.length > 1)
    .flatMap((live) =>
      live.targets.map(({ shown, state }) =>
        plainText(words.targetState({ id: live.id, shown, state: word(state) })),
      ),
    );
  return [table, ...targets, ...incidents, ...warnings.map((warning) => plainText(`! ${warning}`))].join(
    '\n',
  );
}

const number = (value: number | null, digits: number): string =>
  value === null ? '-' : value.toFixed(digits);
