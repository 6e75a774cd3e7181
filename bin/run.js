#!/usr/bin/env node
// Help was rendered at build time (bin/prepare-help.js): reading it takes a quarter of the time that loading the
// command framework does. Everything else, and any help asked for in another way, goes to the framework.
import { readFileSync } from 'node:fs';

const text = preparedText(process.argv.slice(2));
if (text === null) {
  const { bundledOptions, loadBundle } = await import('./bundled.js');
  const program = loadBundle();
  const { execute } = program ?? (await import('@oclif/core/execute'));
  endWhenWritten();
  await execute(program === null ? { dir: import.meta.url } : { loadOptions: bundledOptions() });
} else {
  process.stdout.on('error', () => undefined);
  process.stdout.write(text);
}

/**
 * The framework ends the process as soon as a command has failed (its lib/errors/handle.js): what a slow reader has not
 * taken yet, the message of the failure too, would be lost. It ends once that is written.
 */
function endWhenWritten() {
  const { exit, stdout, stderr } = process;
  let ending = false;
  process.exit = (status) => {
    if (ending) return;
    ending = true;
    process.exitCode = status ?? process.exitCode;
    const written = [stdout, stderr].map((stream) => new Promise((resolve) => stream.write('', resolve)));
    void Promise.all(written).then(() => exit.call(process));
  };
}

/** ` (COMMIT)` as bin/build.js wrote it; empty where it was built outside a repository. */
function builtFrom() {
  try {
    return ` (${readFileSync(new URL('../dist/commit', import.meta.url), 'utf8').trim()})`;
  } catch {
    return '';
  }
}

/** The text of `[COMMAND] --help` or `--version`; null when it is not that, or not built, or the terminal is narrow. */
function preparedText(words) {
  const last = words.at(-1);
  if (words.length === 1 && last === '--version') {
    const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    return `${name}/${version}${builtFrom()} ${process.platform}-${process.arch} node-${process.version}\n`;
  }
  const isHelp = words.length === 0 || last === '--help' || last === '-h';
  if (!isHelp || (process.stdout.columns ?? 80) < 80) return null;
  try {
    const texts = JSON.parse(readFileSync(new URL('../dist/help.json', import.meta.url), 'utf8'));
    return texts[words.slice(0, -1).join(' ').replaceAll(':', ' ')] ?? null;
  } catch {
    return null;
  }
}
