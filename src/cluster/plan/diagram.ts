import type { Inventory } from '../inventory/schema.js';

/* A picture of the inventory: in letters for a terminal or a ticket, in Mermaid for a wiki. */

interface Picture {
  readonly title: string;
  /** From the public to the sources; each row feeds the one above. */
  readonly rows: readonly { readonly label: string; readonly names: readonly string[] }[];
  readonly arrows: readonly string[];
}

function pictures({ streaming, jitsi, encoding, esup_runner: esupRunner }: Inventory): Picture[] {
  const found: Picture[] = [];
  if (streaming !== undefined)
    found.push({
      title: `streaming ${streaming.public_name}`,
      rows: [
        { label: 'viewers', names: ['viewers'] },
        { label: 'balancers', names: Object.keys(streaming.balancers) },
        { label: 'broadcasts', names: Object.keys(streaming.broadcasts) },
        { label: 'ingests', names: Object.keys(streaming.ingests) },
        { label: 'sources', names: streaming.streams.map((name) => `source ${name}`) },
      ],
      arrows: ['https', 'http, sticky cookie', 'http, HLS', 'rtmp, to both'],
    });
  if (jitsi !== undefined)
    found.push({
      title: `jitsi ${jitsi.domain}`,
      rows: [
        { label: 'participants', names: ['participants'] },
        { label: 'bridges', names: Object.keys(jitsi.jvbs) },
        { label: 'signalling', names: ['jms'] },
      ],
      arrows: ['udp 10000', 'xmpp 5222'],
    });
  if (encoding !== undefined)
    found.push({
      title: 'encoding',
      rows: [
        { label: 'backend', names: ['pod'] },
        { label: 'brokers', names: Object.keys(encoding.brokers).map((name) => `redis ${name}`) },
        { label: 'workers', names: Object.keys(encoding.workers) },
        { label: 'share', names: [`share ${encoding.media_root}`] },
      ],
      arrows: ['tasks', 'queues', 'files'],
    });
  if (esupRunner !== undefined)
    found.push({
      title: 'esup-runner',
      rows: [
        { label: 'pod', names: ['pod'] },
        { label: 'manager', names: ['manager'] },
        { label: 'runners', names: Object.keys(esupRunner.runners) },
      ],
      arrows: [`http ${esupRunner.manager.port}`, 'http 8082…'],
    });
  return found.map((picture) => ({ ...picture, rows: picture.rows.filter(({ names }) => names.length > 0) }));
}

const COLUMNS = 80;

/** Boxes per row, at most 80 columns wide; rows are joined by what flows between them. */
export function asciiDiagram(inventory: Inventory): string {
  return pictures(inventory)
    .map(({ title, rows, arrows }) => {
      const lines = rows.flatMap(({ names }, i) => [
        ...(i === 0 ? [] : [`    |  ${arrows[i - 1] ?? ''}`]),
        ...boxes(names),
      ]);
      return [`== ${title} ==`, ...lines].join('\n');
    })
    .join('\n\n');
}

function boxes(names: readonly string[]): string[] {
  const lines: string[] = [];
  let row: string[] = [];
  const flush = (): void => {
    const edge = row.map((name) => `+${'-'.repeat(name.length + 2)}+`).join(' ');
    lines.push(edge, row.map((name) => `| ${name} |`).join(' '), edge);
    row = [];
  };
  for (const name of names) {
    const width = [...row, name].reduce((sum, word) => sum + word.length + 5, 0);
    if (row.length > 0 && width > COLUMNS) flush();
    row.push(name);
  }
  if (row.length > 0) flush();
  return lines;
}

/** The same as a Mermaid flowchart. */
export function mermaidDiagram(inventory: Inventory): string {
  const lines = ['flowchart TB'];
  pictures(inventory).forEach(({ title, rows, arrows }, p) => {
    lines.push(`  subgraph S${p}["${escapeLabel(title)}"]`);
    rows.forEach(({ names }, r) =>
      names.forEach((name, n) => lines.push(`    S${p}R${r}N${n}["${escapeLabel(name)}"]`)),
    );
    rows
      .slice(1)
      .forEach(({ names }, r) =>
        rows[r]?.names.forEach((_, above) =>
          names.forEach((__, below) =>
            lines.push(
              `    S${p}R${r}N${above} ---|"${escapeLabel(arrows[r] ?? '')}"| S${p}R${r + 1}N${below}`,
            ),
          ),
        ),
      );
    lines.push('  end');
  });
  return lines.join('\n');
}

const escapeLabel = (text: string): string => text.replaceAll('"', '#quot;');
