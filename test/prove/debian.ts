/* `npm run prove debian [-- bookworm|trixie] [--without-suites]`: the same demonstration, suites, films and package in a
   bare root of each release. The roots stay (BBB2POD_PROVE_ROOTS, /var/tmp/bbb2pod-debian): a second run is shorter.
   As root, with debootstrap. Ends with status 1 when a promise is not kept. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { lendNode, openBareRoot, type BareRoot, type Release } from '../support/debian/bare-root.js';
import { broken, promise, type Outcome } from '../support/package/promises.js';
import { publishFixture, type Kind } from '../support/presentations.js';

const words = process.argv.slice(2).filter((word) => word !== '--');
const releases = (['bookworm', 'trixie'] as const).filter(
  (release) => !words.some((word) => !word.startsWith('--')) || words.includes(release),
);
const checkout = path.resolve(import.meta.dirname, '../..');
const roots = process.env['BBB2POD_PROVE_ROOTS'] ?? '/var/tmp/bbb2pod-debian';
const KINDS: readonly Kind[] = ['classic', 'tldraw1', 'tldraw2'];
const SOURCE = 'srv/bbb2pod';

for (const release of releases) proveRelease(release);
if (releases.length === 2) for (const kind of KINDS) proveSameFilm(kind);
process.stdout.write(broken.length === 0 ? 'debian: all kept\n' : `debian: ${broken.length} BROKEN\n`);
process.exitCode = broken.length === 0 ? 0 : 1;

function proveRelease(release: Release): void {
  const root = openBareRoot(release, path.join(roots, release));
  if (release === 'bookworm') lendNode(root);
  const packages = release === 'bookworm' ? 'git' : 'git nodejs npm';
  const ready = root.within(
    `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends ${packages}`,
  );
  promise(`${release}: packages of its own registry`, ready.status === 0, outcome(ready));
  const source = path.join(root.directory, SOURCE);
  rmSync(source, { recursive: true, force: true });
  spawnSync('git', ['clone', '--quiet', '--no-hardlinks', checkout, source]);
  const run = (name: string, line: string): string => {
    const startedAt = Date.now();
    const said = root.within(`cd /${SOURCE} && ${line}`);
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    // A report shows the end of what failed; the failures of the first suites stand long before.
    const log = path.join(roots, `${release} ${name}.log`.replaceAll(' ', '-'));
    writeFileSync(log, said.text);
    promise(
      `${release}: ${name} (${seconds} s${said.status === 0 ? '' : `, ${log}`})`,
      said.status === 0,
      outcome(said),
    );
    return said.text;
  };
  run('npm run demo', 'npm run demo');
  if (!words.includes('--without-suites')) {
    const text = run('npm test', 'npm test');
    for (const line of text.match(
      /^(?:unit|databases|recorder|live|cluster|e2e) +(?:passed|FAILED) in .*$/gm,
    ) ?? [])
      process.stdout.write(`         ${line}\n`);
  }
  const samples = path.join(root.directory, 'srv/samples');
  rmSync(samples, { recursive: true, force: true });
  mkdirSync(samples);
  for (const kind of KINDS) publishFixture(kind, samples, ['webcams', 'deskshare']);
  run(
    'the three samples',
    `rm -rf /srv/films && mkdir /srv/films && for kind in ${KINDS.join(' ')}; do node bin/run.js recorder convert /srv/samples/$kind --output /srv/films/$kind.mp4 || exit 1; done`,
  );
  const maintainer = 'DEBFULLNAME="A proof" DEBEMAIL=proof@localhost.localdomain';
  if (release === 'bookworm') run('npm run package', `${maintainer} npm run package`);
  provePackage(release);
}

/** The package that was made on Debian 12, in another root where nothing else is. */
function provePackage(release: Release): void {
  const made = path.join(roots, 'bookworm', SOURCE);
  const deb = existsSync(made) ? readdirSync(made).find((name) => name.endsWith('.deb')) : undefined;
  if (deb === undefined) {
    promise(`${release}: a package to install (prove bookworm first)`, false);
    return;
  }
  const directory = path.join(roots, `${release}-empty`);
  rmSync(directory, { recursive: true, force: true });
  const root = openBareRoot(release, directory);
  copyFileSync(path.join(made, deb), path.join(directory, 'root/bbb2pod.deb'));
  publishFixture('classic', path.join(directory, 'srv'), ['webcams', 'deskshare']);
  const installed = root.within(
    'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends /root/bbb2pod.deb && bbb2pod --version && bbb2pod recorder convert /srv/classic --output /srv/classic.mp4',
  );
  promise(
    `${release}: the package installs where nothing is, and converts`,
    installed.status === 0,
    outcome(installed),
  );
}

/** Every frame alike (SSIM at least 0.995), as many of them, as much sound, and the same. */
function proveSameFilm(kind: Kind): void {
  const [one, other] = (['bookworm', 'trixie'] as const).map((release) =>
    path.join(roots, release, 'srv/films', `${kind}.mp4`),
  ) as [string, string];
  const log = path.join(roots, `${kind}.ssim`);
  spawnSync('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-i', one, '-i', other, '-an', '-f', 'null'],
    ...['-lavfi', `[0:v]settb=1/15,setpts=N[a];[1:v]settb=1/15,setpts=N[b];[a][b]ssim=f=${log}`, '-'],
  ]);
  const worst = [...readFileSync(log, 'utf8').matchAll(/All:([\d.]+)/g)].map(([, value]) => Number(value));
  const lowest = Math.min(...worst);
  promise(
    `${kind}: ${worst.length} frames alike, the least by SSIM ${lowest.toFixed(4)}`,
    worst.length > 0 &&
      lowest >= 0.995 &&
      framesOf(one) === framesOf(other) &&
      framesOf(one) === worst.length,
  );
  const [a, b] = [soundOf(one), soundOf(other)];
  const error =
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length) / 32_768;
  promise(
    `${kind}: ${(a.length / 8000).toFixed(3)} s of sound alike, ${(20 * Math.log10(error || 1e-9)).toFixed(0)} dB apart`,
    // Another AAC encoder makes other noise (ffmpeg 5.1 and 7.1: 48 dB below full scale); a shift would be heard.
    a.length > 0 && a.length === b.length && error < 0.01,
  );
}

function framesOf(file: string): number {
  const words = '-v error -select_streams v -count_packets -show_entries stream=nb_read_packets -of csv=p=0';
  return Number(spawnSync('ffprobe', [...words.split(' '), file], { encoding: 'utf8' }).stdout);
}

function soundOf(file: string): Int16Array {
  const { stdout } = spawnSync(
    'ffmpeg',
    ['-nostdin', '-v', 'error', '-i', file, '-map', '0:a', '-ac', '1', '-ar', '8000', '-f', 's16le', '-'],
    { maxBuffer: 1 << 28 },
  );
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1);
}

function outcome({ status, text }: ReturnType<BareRoot['within']>): Outcome {
  return { status, stdout: text, stderr: '' };
}
