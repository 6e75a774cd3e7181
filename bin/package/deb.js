// `npm run package`: bbb2pod-VERSION.tgz by `npm pack`, then bbb2pod_VERSION-1_ARCH.deb from that packed tree, the locked
// dependencies and the Node that runs this script (Debian 12's own is too old). Needs dpkg-deb; writes both to the root.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { shippedLicences } from './licences.js';
import { renderManPage } from './man-page.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const { version, description } = JSON.parse(read('package.json'));
// Debian's own names for who builds a package.
const { DEBFULLNAME = gitSays('user.name'), DEBEMAIL = gitSays('user.email') } = process.env;
const maintainer = `${DEBFULLNAME} <${DEBEMAIL}>`;
// The commit's own moment: the same commit gives the same files.
const builtAt = new Date(Number(run('git', ['log', '-1', '--format=%ct'])) * 1000);
refuseSharedNode();
const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-deb-'));
const tree = path.join(stage, 'tree');
const program = path.join(tree, 'usr/lib/bbb2pod');

try {
  installProgram();
  installSystemFiles();
  installDocumentation();
  writeControl();
  const architecture = run('dpkg', ['--print-architecture']).trim();
  const file = path.join(root, `bbb2pod_${version}-1_${architecture}.deb`);
  process.env.SOURCE_DATE_EPOCH = String(builtAt.getTime() / 1000);
  run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z3', '--build', tree, file]);
  for (const made of [`bbb2pod-${version}.tgz`, path.basename(file)]) {
    const mb = fs.statSync(path.join(root, made)).size / 1e6;
    process.stdout.write(`${made}  ${mb.toFixed(1)} MB\n`);
  }
} finally {
  fs.rmSync(stage, { recursive: true, force: true });
}

/** Who builds it, as git knows them; a package without a maintainer is refused. */
function gitSays(key) {
  try {
    return run('git', ['config', key]).trim();
  } catch {
    process.stderr.write(
      'package: nobody is named as its maintainer.\n  DEBFULLNAME="Your name" DEBEMAIL=you@univ.fr npm run package\n',
    );
    process.exit(1);
  }
}

/** Debian's own node is a launcher of some kilobytes that needs libnode: alone in a package it would not start. */
function refuseSharedNode() {
  if (!process.config.variables.node_shared) return;
  process.stderr.write(
    `package: ${process.execPath} (${process.version}) needs libnode and would not start on another machine.\n` +
      '  Run npm run package with a Node that is one file: https://nodejs.org/en/download\n',
  );
  process.exit(1);
}

/** The packed tree, what it needs, and Node, under /usr/lib/bbb2pod. */
function installProgram() {
  run('npm', ['pack', '--silent', '--pack-destination', root]);
  fs.mkdirSync(program, { recursive: true });
  run('tar', ['-xzf', path.join(root, `bbb2pod-${version}.tgz`), '-C', program, '--strip-components=1']);
  // The shrinkwrap knows no development packages, and npm ci wants both files to say the same.
  const manifest = JSON.parse(fs.readFileSync(path.join(program, 'package.json'), 'utf8'));
  for (const unneeded of ['devDependencies', 'scripts', 'prettier', 'knip', 'allowScripts'])
    delete manifest[unneeded];
  write('usr/lib/bbb2pod/package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  // No install script is needed: native parts come as ready packages.
  run(
    'npm',
    ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    program,
  );
  prune(path.join(program, 'node_modules'));
  for (const unneeded of ['npm-shrinkwrap.json', 'docs', 'README.md', 'LICENSE', 'bin/setup'])
    fs.rmSync(path.join(program, unneeded), { recursive: true, force: true });
  // Where bin/bbb-recorder/export.js looks for it too.
  fs.mkdirSync(path.join(program, 'node/bin'), { recursive: true });
  fs.copyFileSync(process.execPath, path.join(program, 'node/bin/node'));
  // Only ever started through usr/bin/bbb2pod, with the shipped Node: no interpreter is looked for.
  const entry = path.join(program, 'bin/run.js');
  fs.writeFileSync(entry, fs.readFileSync(entry, 'utf8').replace(/^#!.*\n/, ''));
  write(
    'usr/bin/bbb2pod',
    '#!/bin/sh\nexec /usr/lib/bbb2pod/node/bin/node /usr/lib/bbb2pod/bin/run.js "$@"\n',
    0o755,
  );
}

/** What no program reads: types, maps, other systems' binaries, other packages' tests. */
function prune(modules) {
  const unneeded = [
    '.bin',
    '.package-lock.json',
    '@libsql/linux-x64-musl',
    '@libsql/linux-arm64-musl',
    'fluent-ffmpeg/coverage',
    'fluent-ffmpeg/doc',
    '@types',
  ];
  for (const name of unneeded) fs.rmSync(path.join(modules, name), { recursive: true, force: true });
  for (const entry of fs.readdirSync(modules, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    // bare-* and *.musl.node are for other run times than ours.
    if (
      entry.isFile() &&
      /(\.map|\.[cm]?ts|\.md|\.markdown|tsconfig.*\.json|\.eslintrc.*|\.travis\.yml|\.npmignore|\.bare|\.musl\.node)$/i.test(
        entry.name,
      )
    )
      fs.rmSync(file);
  }
}

function installSystemFiles() {
  for (const unit of fs.readdirSync(path.join(root, 'config/systemd')))
    write(`usr/lib/systemd/system/${unit}`, read(`config/systemd/${unit}`));
  write('etc/default/bbb2pod', read('config/default.env'));
  write('etc/logrotate.d/bbb2pod', read('config/logrotate.conf').replace(/^# Copy to.*?\. /, '# '));
  for (const name of ['bbb2pod.example.toml', 'cluster.example.toml'])
    write(`etc/bbb2pod/${name}`, read(`config/${name}`));
  const completion = (shell) => run(process.execPath, [path.join(root, 'bin/run.js'), 'completion', shell]);
  write('usr/share/bash-completion/completions/bbb2pod', completion('bash'));
  write('usr/share/zsh/vendor-completions/_bbb2pod', completion('zsh'));
  write('usr/share/fish/vendor_completions.d/bbb2pod.fish', completion('fish'));
  const day = builtAt.toISOString().slice(0, 10);
  write('usr/share/man/man1/bbb2pod.1.gz', gzip(renderManPage({ date: day })));
}

function installDocumentation() {
  const doc = 'usr/share/doc/bbb2pod';
  for (const name of fs.readdirSync(path.join(root, 'docs'), { recursive: true }))
    if (name.endsWith('.md') && !name.startsWith('decisions/')) write(`${doc}/${name}`, read(`docs/${name}`));
  write(`${doc}/README.md`, read('README.md'));
  write(`${doc}/changelog.gz`, gzip(read('CHANGELOG.md')));
  write(
    `${doc}/changelog.Debian.gz`,
    gzip(
      `bbb2pod (${version}-1) stable; urgency=medium\n\n  * See changelog.gz.\n\n -- ${maintainer}  ${builtAt.toUTCString().replace('GMT', '+0000')}\n`,
    ),
  );
  write(`${doc}/copyright`, renderCopyright());
  write(
    'usr/share/lintian/overrides/bbb2pod',
    [
      '# Node and the libraries are shipped on purpose: Debian 12 has Node 18, and no packages of these.',
      'bbb2pod: embedded-library *',
      'bbb2pod: unstripped-binary-or-object *',
      'bbb2pod: arch-dependent-file-in-usr-share *',
      'bbb2pod: binary-without-manpage *',
      'bbb2pod: hardening-no-pie *',
      'bbb2pod: embedded-javascript-library *',
      '# Libraries bring scripts that nobody starts; our templates are copied to where they run.',
      'bbb2pod: script-not-executable *',
      '# DEBEMAIL names who builds it.',
      'bbb2pod: bogus-mail-host *',
      'bbb2pod: bogus-mail-host-in-debian-changelog *',
      'bbb2pod: initial-upload-closes-no-bugs *',
      '',
    ].join('\n'),
  );
}

/** DEP-5: ours, Node's, and one line per shipped library with its licence; their full texts lie beside them. */
function renderCopyright() {
  const licences = shippedLicences()
    .map(({ name, version: of, licence }) => ` ${name} ${of}: ${licence}`)
    .sort();
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: bbb2pod

Files: *
Copyright: 2026 the authors of bbb2pod
License: GPL-3.0-or-later
 On Debian systems the GNU General Public License, version 3, is in
 /usr/share/common-licenses/GPL-3. Any later version may be chosen.

Files: usr/lib/bbb2pod/node/*
Copyright: 2009-2026 Node.js contributors
License: Node.js
 Node.js ${process.version} is under the MIT licence and those of the libraries it holds:
 https://github.com/nodejs/node/blob/${process.version}/LICENSE

Files: usr/lib/bbb2pod/node_modules/*
Copyright: 2009-2026 their authors, named in each package's LICENSE file
License: of-each-package
 The full text stands in each package's folder.
 .
${licences.join('\n')}
`;
}

function writeControl() {
  // The run-time packages of bin/setup are the one list of what Debian must bring.
  const [, listed = ''] = /^runtime=\(([^)]*)\)/m.exec(read('bin/setup')) ?? [];
  const depends = [
    'adduser',
    'logrotate',
    'libc6 (>= 2.28)',
    'libstdc++6 (>= 10)',
    ...listed.split(/\s+/).filter(Boolean),
  ];
  const [first, ...rest] = description.match(/[^,:]+[,:]?/g) ?? [description];
  const control = {
    Package: 'bbb2pod',
    Version: `${version}-1`,
    Architecture: run('dpkg', ['--print-architecture']).trim(),
    Maintainer: maintainer,
    'Installed-Size': String(Math.ceil(bytesOf(tree) / 1024)),
    'Pre-Depends': 'init-system-helpers (>= 1.54~)',
    Depends: depends.join(', '),
    // Backups (of the one engine that Pod has) and the demonstration; the x11 backend of lives; a queue; a media server.
    // Nothing is recommended: what a command misses, it names with the line that installs it.
    Suggests:
      'mariadb-client | default-mysql-client, postgresql-client, postgresql, xvfb, pulseaudio, pulseaudio-utils, redis-server, nginx, libnginx-mod-rtmp',
    Section: 'web',
    Priority: 'optional',
    Homepage: 'https://www.esup-portail.org/wiki/display/ES/Esup-Pod',
    Description: `BigBlueButton recordings and lives for Esup-Pod\n ${first.trim()}\n ${rest.join('').trim()}.\n It brings its own Node.js.`,
  };
  write(
    'DEBIAN/control',
    Object.entries(control)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  const configuration = filesBelow(path.join(tree, 'etc')).map((file) => `/etc/${file}\n`);
  write('DEBIAN/conffiles', configuration.join(''));
  for (const script of ['postinst', 'prerm', 'postrm'])
    write(`DEBIAN/${script}`, read(`config/debian/${script}`), 0o755);
  const sums = filesBelow(tree)
    .filter((file) => !file.startsWith('DEBIAN/') && !file.startsWith('etc/'))
    .map(
      (file) =>
        `${createHash('md5')
          .update(fs.readFileSync(path.join(tree, file)))
          .digest('hex')}  ${file}\n`,
    );
  write('DEBIAN/md5sums', sums.join(''));
  tidyModes(tree);
}

/** Modes that do not depend on who built it; programs keep their x, for all. */
function tidyModes(directory) {
  fs.chmodSync(directory, 0o755);
  for (const entry of fs.readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const isProgram = entry.isDirectory() || isRunnable(file);
    fs.chmodSync(file, isProgram ? 0o755 : 0o644);
    fs.utimesSync(file, builtAt, builtAt);
  }
}

/** Only what is started by its path: libraries come with stray x bits. */
function isRunnable(file) {
  return /\/(DEBIAN\/(postinst|prerm|postrm)|usr\/bin\/bbb2pod|usr\/lib\/bbb2pod\/(node\/bin\/node|bin\/ffmpeg-with-parent))$/.test(
    file,
  );
}

function filesBelow(directory) {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

function bytesOf(directory) {
  return filesBelow(directory).reduce((sum, file) => sum + fs.statSync(path.join(directory, file)).size, 0);
}

// Level 9 and no time stamp, as Debian's policy asks.
function gzip(text) {
  return gzipSync(text, { level: 9 });
}

function write(file, content, mode = 0o644) {
  const target = path.join(tree, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content, { mode });
}

function run(file, args, cwd = root) {
  return execFileSync(file, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
