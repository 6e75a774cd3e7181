'use strict';
// What Esup-Pod runs in place of bbb-recorder: node export.js URL [NAME] [SECONDS] [CONVERT]
// Runs on whatever node Pod's worker finds, from 12 on (so nothing newer in here), and starts bbb2pod with its own.
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const MAJOR = 20;
const MINOR = 19;
const USAGE = 'usage: node export.js URL [NAME.webm|NAME.mp4] [SECONDS, 0 for all] [true for MP4]';

main();

function main() {
  // Pod changes into the folder before it runs us: a folder of links to ours has a .env of its own.
  const settings = Object.assign(
    readJson(__dirname),
    readEnv(__dirname),
    readJson(process.cwd()),
    readEnv(process.cwd()),
  );
  const setting = (name) => String(process.env[name] || settings[name] || '');
  const [url, name, seconds, convert] = process.argv.slice(2);
  if (!url || !/^https?:\/\/./i.test(url)) fail(2, `no playback URL given: ${url || '(nothing)'}. ${USAGE}`);
  const file = chooseName(url, name, convert);
  const directory = setting('copyToPath');
  if (directory === '')
    fail(
      2,
      `copyToPath is not set. Write it in ${path.join(process.cwd(), '.env')} (or config.json): it must be Pod's IMPORT_VIDEO_BBB_RECORDER_PATH.`,
    );
  if (!isDirectory(directory))
    fail(
      2,
      `copyToPath ${directory} is no directory. mkdir -p ${path.join(directory, 'logs')} && chown -R the user of Pod's workers`,
    );
  const program = setting('BBB2POD_BIN') || path.resolve(__dirname, '../run.js');
  if (!fs.existsSync(program))
    fail(1, `bbb2pod is not at ${program}. Set BBB2POD_BIN in .env to its bin/run.js.`);
  const node = findNode(setting('BBB2POD_NODE'), program);
  const target = path.resolve(directory, file);
  const words = [
    program,
    'recorder',
    'convert',
    url,
    '--output',
    target,
    '--force',
    '--no-progress',
    '--no-extras',
    // Whoever may import in Pod chose the address: it leads to nothing inside but what the configuration names.
    '--untrusted',
  ];
  const chosen = setting('BBB2POD_OPTIONS').split(/\s+/).filter(Boolean);
  // What bbb-recorder filmed was the player.
  const defaults = [
    ['--layout', 'player'],
    ['--preset', 'fast'],
    ['--format', /\.webm$/i.test(file) ? 'webm' : 'mp4'],
  ];
  for (const [flag, value] of defaults)
    if (!chosen.some((word) => word.split('=')[0] === flag)) words.push(flag, value);
  if (Number(seconds) > 0) words.push('--to', String(Number(seconds)));
  run(node, words.concat(chosen), target, setting('BBB2POD_ALLOW_HOSTS'));
}

/** The name under which Pod looks for the file; nothing but a plain name is taken. */
function chooseName(url, name, convert) {
  const id = /[0-9a-f]{40}-[0-9]{13}/i.exec(url);
  let file = name || `${id ? id[0] : 'recording'}.webm`;
  if (file !== path.basename(file) || /^[.-]/.test(file)) fail(2, `not a file name: ${file}. ${USAGE}`);
  if (!/\.(webm|mp4|m4v)$/i.test(file)) file += '.webm';
  return convert === 'true' ? file.replace(/\.webm$/i, '.mp4') : file;
}

/** KEY=VALUE lines, as bbb-recorder's own .env. */
function readEnv(folder) {
  const values = {};
  let text = '';
  try {
    text = fs.readFileSync(path.join(folder, '.env'), 'utf8');
  } catch (error) {
    return values;
  }
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match) values[match[1]] = match[2].replace(/^(["'])(.*)\1$/, '$2');
  }
  return values;
}

/** The config.json that bbb-recorder read before it had a .env (its README of 2020), with the same keys. */
function readJson(folder) {
  const file = path.join(folder, 'config.json');
  try {
    const values = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    return values !== null && typeof values === 'object' && !Array.isArray(values) ? values : {};
  } catch (error) {
    if (error instanceof SyntaxError)
      process.stderr.write(`bbb2pod export.js: ${file} is no JSON and was not used: ${error.message}\n`);
    return {};
  }
}

/** The Node that bbb2pod needs: the one named, the packaged one, the one we run on, those usually installed. */
function findNode(named, program) {
  if (named !== '') {
    if (isNewEnough(named)) return named;
    fail(1, `BBB2POD_NODE ${named} is no Node ${MAJOR}.${MINOR} or newer.`);
  }
  const root = path.resolve(fs.realpathSync(program), '../..');
  const candidates = [
    path.join(root, 'node/bin/node'),
    path.join(root, '../node/bin/node'),
    process.execPath,
    'node',
    '/usr/local/bin/node',
    '/usr/bin/node',
  ];
  const found = candidates.find(isNewEnough);
  if (found === undefined)
    fail(
      1,
      `no Node ${MAJOR}.${MINOR} or newer (this one is ${process.version}). Set BBB2POD_NODE in .env to one.`,
    );
  return found;
}

function isNewEnough(node) {
  if (path.isAbsolute(node) && !fs.existsSync(node)) return false;
  const result = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: 10000 });
  const match = /^v(\d+)\.(\d+)/.exec(result.stdout || '');
  if (!match) return false;
  const major = Number(match[1]);
  return major > MAJOR || (major === MAJOR && Number(match[2]) >= MINOR);
}

function run(node, words, target, allowHosts) {
  // Without a shell; and it does not outlive us, whoever kills us.
  const setpriv = '/usr/bin/setpriv';
  const line = fs.existsSync(setpriv) ? [setpriv, '--pdeathsig', 'TERM', '--', node] : [node];
  const child = spawn(line[0], line.slice(1).concat(words), {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: Object.assign(
      {},
      process.env,
      { NODE_ENV: 'production' },
      allowHosts && { BBB2POD_ALLOW_HOSTS: allowHosts },
    ),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(1, `cannot start ${line[0]}: ${error.message}`));
  child.on('close', (status, signal) => {
    if (status === 0 && !(fs.existsSync(target) && fs.statSync(target).size > 0))
      fail(1, `nothing stands at ${target}.`);
    process.exitCode = status === null ? (signal === 'SIGKILL' ? 137 : 143) : status;
  });
}

function isDirectory(folder) {
  try {
    return fs.statSync(folder).isDirectory();
  } catch (error) {
    return false;
  }
}

function fail(status, message) {
  process.stderr.write(`bbb2pod export.js: ${message}\n`);
  process.exit(status);
}
