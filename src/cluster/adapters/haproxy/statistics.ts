import type { HaproxyFacts, HaproxyRow } from '../../streaming/facts.js';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';
import { connect } from '../../../kit/adapters/network/dialogue.js';

/**
 * Parses HAProxy's statistics CSV. Columns go by name: their number varies with the version, and the header
 * begins with `# `.
 * @throws AdapterError `invalid` when the text is something else (a login page, an error page).
 */
export function parseStatisticsCsv(text: string): HaproxyRow[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  if (!header.startsWith('# pxname,'))
    throw new AdapterError('invalid', 'this is no statistics CSV of HAProxy');
  const names = header.slice(2).split(',');
  return lines.map((line) => {
    const cells = splitCsvLine(line);
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const values: Record<string, number> = {};
    names.forEach((name, i) => {
      const value = cells[i];
      if (value !== undefined && /^-?\d+$/.test(value)) values[name] = Number(value);
    });
    return {
      proxy: cell('pxname'),
      server: cell('svname'),
      status: cell('status'),
      lastCheck: cell('last_chk'),
      checkStatus: cell('check_status'),
      values,
      cookie: cell('cookie'),
      address: cell('addr'),
    };
  });
}

/** Servers and their states from the Prometheus exporter, for sites that closed the statistics page. */
export function parseMetrics(text: string): HaproxyRow[] {
  const rows = new Map<string, { status: string; values: Record<string, number> }>();
  const metrics: Record<string, string> = {
    haproxy_server_current_queue: 'qcur',
    haproxy_server_current_sessions: 'scur',
    haproxy_server_limit_sessions: 'slim',
    haproxy_server_connection_errors_total: 'econ',
    haproxy_server_response_errors_total: 'eresp',
    haproxy_server_sessions_total: 'stot',
  };
  for (const [, name = '', labels = '', value = ''] of text.matchAll(
    /^(haproxy_server_\w+)\{([^}]*)\} (\S+)$/gm,
  )) {
    const label = (wanted: string): string => new RegExp(`${wanted}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const key = `${label('proxy')}\n${label('server')}`;
    const row = rows.get(key) ?? { status: '', values: {} };
    rows.set(key, row);
    if (name === 'haproxy_server_status' && value === '1') row.status = label('state');
    const column = metrics[name];
    if (column !== undefined) row.values[column] = Number(value);
  }
  return [...rows].map(([key, { status, values }]) => {
    const [proxy = '', server = ''] = key.split('\n');
    return { proxy, server, status, lastCheck: '', checkStatus: '', values, cookie: '', address: '' };
  });
}

/** Asks the runtime socket (a path, or host:port): `show stat` and `show info`. Reads only. */
export async function readRuntimeSocket(
  target: { readonly host: string; readonly port: number } | { readonly path: string },
  signal: AbortSignal,
): Promise<HaproxyFacts> {
  const stat = await runtimeCommand(target, 'show stat', signal);
  const info = await runtimeCommand(target, 'show info', signal);
  return { rows: parseStatisticsCsv(stat), info: parseInfoLines(info) };
}

/** Sends one command to the runtime socket and returns its answer. */
export async function runtimeCommand(
  target: { readonly host: string; readonly port: number } | { readonly path: string },
  command: string,
  signal: AbortSignal,
): Promise<string> {
  const dialogue = await connect(target, signal);
  dialogue.send(`${command}\n`);
  const text = await new Promise<string>((resolve) => {
    dialogue.socket.once('close', () => {
      resolve(dialogue.received.toString('utf8'));
    });
  });
  return text;
}

/**
 * Counts the entries of a stick table that lead to a server, in the answer to `show table NAME` (HAProxy 2.6: each entry
 * of a table filled by `stick on` tells `server_id=` and, when the name is kept, `server_key=`).
 * @returns 0 when the backend has no table.
 */
export function countStickEntries(text: string, server: string): number {
  return text.split('\n').filter((line) => line.split(/\s+/).includes(`server_key=${server}`)).length;
}

const parseInfoLines = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => /^(\w+): (.*)$/.exec(line))
      .filter((found) => found !== null)
      .map((found) => [found[1] ?? '', found[2] ?? '']),
  );

function splitCsvLine(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)) {
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  return cells;
}
