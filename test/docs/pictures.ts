/* `npm run docs pictures`: the pictures of README.md, from the demonstration itself, so that they stay true: the
   terminal of a migration (SVG of its very output), a frame of the video it converts, its HTML report. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchChromium } from '../../src/chromium/launch-chromium.js';
import { escapeHtml } from '../../src/kit/output/escape-html.js';

const root = path.resolve(import.meta.dirname, '../..');
const target = path.join(root, 'docs/pictures');
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-pictures-'));
/** Where in the demonstration's ten seconds a slide, the pen and the webcam are to be seen. */
const FRAME_AT = '4';
const COLUMNS = 80;

mkdirSync(target, { recursive: true });
try {
  for (const language of ['en', 'fr'] as const) await draw(language);
  const film = path.join(work, 'en/demo/lecture.mp4');
  const frame = ['-nostdin', '-v', 'error', '-y', '-ss', FRAME_AT, '-i', film];
  execFileSync('ffmpeg', [...frame, '-frames:v', '1', '-q:v', '4', path.join(target, 'frame.jpg')]);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** What the demonstration shows in that language: `NAME.svg`, `NAME.fr.svg`. */
async function draw(language: 'en' | 'fr'): Promise<void> {
  const directory = path.join(work, language, 'demo');
  mkdirSync(path.dirname(directory));
  const said = execFileSync(process.execPath, ['bin/run.js', 'demo', '--directory', directory], {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: work,
      NODE_ENV: 'production',
      NO_COLOR: '1',
      COLUMNS: String(COLUMNS),
      BBB2POD_LANG: language,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const suffix = language === 'en' ? '' : `.${language}`;
  // Paths of this machine say nothing to the reader.
  const text = said.replaceAll(directory, '/tmp/demo');
  writeFileSync(path.join(target, `demo${suffix}.svg`), terminalSvg(text));
  await shootReport(path.join(directory, 'state/runs'), path.join(target, `report${suffix}.png`));
}

/** The lines of a terminal up to the second run, as text: it can be searched, copied and read aloud. */
function terminalSvg(text: string): string {
  const [intro = '', ...steps] = text.split(/^(?=# )/m);
  const lines = [intro, ...steps.slice(0, 3)]
    .join('')
    .trim()
    .split('\n')
    .map((line) => line.slice(0, COLUMNS * 1.3));
  const [lineHeight, width] = [17, Math.round(COLUMNS * 1.3 * 7.8) + 24];
  const rows = lines.map(
    (line, i) => `<text x="12" y="${28 + i * lineHeight}" xml:space="preserve">${escapeHtml(line)}</text>`,
  );
  const height = 28 + lines.length * lineHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="bbb2pod demo">
<rect width="100%" height="100%" rx="6" fill="#1c1f24"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="#e4e6ea">
${rows.join('\n')}
</g></svg>
`;
}

/** The report of the last run, as a browser shows it. */
async function shootReport(runs: string, picture: string): Promise<void> {
  const reports = readdirSync(runs)
    .sort()
    .map((run) => path.join(runs, run, 'report.html'));
  const html = readFileSync(reports.at(-1) ?? '', 'utf8');
  const launched = await launchChromium({
    executable: '/usr/bin/chromium',
    reach: { loopbackPorts: [] },
    size: { width: 1280, height: 720 },
    sandbox: 'on',
  });
  try {
    const page = await launched.browser.newPage();
    // As far down as the first actions.
    await page.setViewport({ width: 1280, height: 1080 });
    await page.setContent(html);
    writeFileSync(picture, await page.screenshot({ type: 'png' }));
  } finally {
    await launched.close();
  }
}
