import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { runCli } from '../../e2e/run-cli.js';
import { createPod } from '../../support/pod.js';
import type { Attack } from './attack.js';

/* Whoever names a meeting writes into lists, reports, file names and commands: a server's list whose texts are attacks. */

const WELL = `${'a1'.padEnd(40, '0')}-1700000000000`;
const SCRIPT = '<script>alert(1)</script>';

/** What a name, an id or a link may be. XML holds no control characters but as U+FFFD, so servers do what they can. */
const WORDS: Readonly<Record<string, string>> = {
  'a way out': '../../../../../tmp/bbb2pod-evil',
  'an absolute path': '/etc/bbb2pod-evil',
  'a flag': '--config=/tmp/evil.toml',
  'a command': '$(touch bbb2pod-evil)`touch bbb2pod-evil`;touch bbb2pod-evil',
  quotes: `';"--&'"`,
  script: SCRIPT,
  'a way out of an attribute': '" onmouseover="alert(1)" x="',
  'a formula': '=HYPERLINK("http://evil.example","x")',
  'a formula behind a tab': '\t=cmd|x',
  'an escape sequence': '&#x9b;31m&#x9d;0;evil&#x9c;',
  'direction marks': '\u202egpj.exe\u2066',
  lines: 'one&#10;two&#13;&#10;Bcc: evil@evil.example&#10;',
  long: 'x'.repeat(5000),
  'a device': 'con.mp4',
  dots: '..',
  'a link of script': 'javascript:alert(1)',
  'a link of a file': 'file:///etc/passwd',
  'an empty one': '',
  prototype: '__proto__',
};

interface Shape {
  readonly id: string;
  readonly name: string;
  readonly meeting: string;
  readonly link: string;
}
/** Where the word stands; the rest is as a server writes it. */
const PLACES: Readonly<Record<string, (word: string, well: Shape) => Shape>> = {
  name: (name, well) => ({ ...well, name }),
  recordID: (word, well) => ({ ...well, id: word === '' ? '' : `${word}-1600000000000` }),
  meetingID: (meeting, well) => ({ ...well, meeting }),
  link: (word, well) => ({ ...well, link: word.includes(':') ? word : `${well.link}${word}` }),
};

const xml = (text: string): string =>
  text
    .replace(/&(?!#)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function listOf(place: string, base: string): string {
  const shape = PLACES[place];
  const each = Object.values(WORDS).map((word, i) => {
    const id = `${String(i).padStart(2, '0').padEnd(40, 'b')}-16000000001${String(i).padStart(2, '0')}`;
    const well = { id, name: `Lecture ${i}`, meeting: `m${i}`, link: `${base}/playback/video/${id}/` };
    return shape?.(word, well) ?? well;
  });
  const recordings = [
    { id: WELL, name: 'Well', meeting: 'well', link: `${base}/playback/video/${WELL}/` },
    ...each,
  ].map(
    ({ id, name, meeting, link }, i) =>
      `<recording><recordID>${xml(id)}</recordID><meetingID>${xml(meeting)}</meetingID><name>${xml(name)}</name><published>true</published><state>published</state><startTime>${1_600_000_000_000 - i * 1000}</startTime><endTime>${1_600_000_060_000 - i * 1000}</endTime><metadata><meetingName>${xml(name)}</meetingName></metadata><playback><format><type>video</type><url>${xml(link)}</url><length>1</length></format></playback></recording>`,
  );
  return `<response><returncode>SUCCESS</returncode><recordings>${recordings.join('')}</recordings></response>`;
}

/** The commands of a migration with that list; then everything that they said and wrote is looked through. */
async function migrate(place: string): Promise<string | null> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const film = path.join(site, 'film.mp4');
  const server = createServer((request, response) => {
    const name = (request.url ?? '').split('?')[0] ?? '';
    const base = `http://${request.headers.host ?? ''}`;
    if (name.endsWith('/getRecordings')) response.end(listOf(place, base));
    else if (name.endsWith('.mp4')) response.end(readFileSync(film));
    else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<video><source src="video-0.mp4"></video>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  const claims = path.join(site, 'ftp/bbb');
  mkdirSync(claims, { recursive: true });
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x64:d=1', '-f', 'lavfi', '-i', 'sine=d=1'],
    ...['-c:v', 'libx264', '-c:a', 'aac', film],
  ]);
  writeFileSync(
    path.join(site, 'bbb2pod.toml'),
    `state_dir = "${site}/state"\n[bbb]\nurl = "http://127.0.0.1:${port}"\nsecret = "s"\nretries = 0\n[pod]\ndatabase = "${pod.test.url}"\nurl = "https://pod.univ.example"\nrecorder_path = "${site}/ftp/"\n`,
  );
  const lines: string[][] = [
    ['migrate', 'recordings', '--use-import-video', '--dry', '--all'],
    ['migrate', 'recordings', '--export-csv', 'out.csv'],
    ['migrate', 'recordings', '--use-import-video', '--report', 'report.html'],
    ['migrate', 'status', 'last'],
    ['migrate', 'recordings', '--use-manual-claim', '--report', 'claims.html'],
    ['migrate', 'status', 'last'],
    ['migrate', 'status', '--adoption'],
    ['migrate', 'undo', 'last', '--yes'],
  ];
  try {
    for (const line of lines) {
      const { status, stdout, stderr } = await runCli(line, { cwd: site });
      const said = `${stdout}${stderr}`;
      const what = `${line.join(' ')}: `;
      if (status !== 0 && status !== 3) return `${what}status ${String(status)}: ${said.slice(-400)}`;
      if (/internal-fault|\n {4}at /.test(said)) return what + said.slice(0, 400);
      if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2066]/.test(said))
        return `${what}control characters were printed`;
      // A command that is printed is pasted.
      const pasted = /^.*(?:bbb2pod|curl|ls|rm) [^\n']*\$\(touch.*$/m.exec(said)?.[0];
      if (pasted !== undefined) return `${what}a command that does more: ${pasted.slice(0, 200)}`;
    }
    const rows = (await pod.rows('import_video_externalrecording')) as { source_url?: string }[];
    const evil = rows.find(({ source_url: url = '' }) => !/^https?:\/\//.test(url));
    if (evil !== undefined) return `a row of Pod leads to ${String(evil.source_url)}`;
    if (rows.length === 0) return 'the proof is blind: nothing was imported';
    for (const name of readdirSync(site, { recursive: true, encoding: 'utf8' })) {
      if (/evil/.test(path.basename(name)) && !name.startsWith('ftp/bbb/')) return `${name} was made`;
      if (name.endsWith('.html')) {
        const html = readFileSync(path.join(site, name), 'utf8');
        if (html.includes(SCRIPT) || /onmouseover="alert|href="(?:javascript|file):/.test(html))
          return `${name} holds a script or a link of the list`;
      }
    }
    const outside = ['/tmp/bbb2pod-evil', '/etc/bbb2pod-evil'].flatMap((file) =>
      readdirSync(path.dirname(file)).filter((name) => name.startsWith(path.basename(file))),
    );
    if (outside.length > 0) return `outside: ${outside.join(', ')}`;
    const cell = /(?:^|[;,"])[\t ]*[=+@].*$/m.exec(readFileSync(path.join(site, 'out.csv'), 'utf8'))?.[0];
    if (cell !== undefined) return `out.csv holds a formula: ${cell.slice(0, 100)}`;
    return null;
  } finally {
    server.closeAllConnections();
    server.close();
    await pod.drop();
    rmSync(site, { recursive: true, force: true });
  }
}

export const attacks: readonly Attack[] = Object.keys(PLACES).map((place) => ({
  name: `attacks in the ${place} of recordings`,
  run: () => migrate(place),
}));
