import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openJournal } from '../../../src/kit/adapters/state/journal.js';
import '../../../src/cli/kit/catalog.js';
import { runCli, type CliResult } from '../../e2e/run-cli.js';
import { MARKER, type Attack } from './attack.js';

/* Readers of the journal survive a broken one and say the way out; what is repaired holds what the copies had. */

type Break = (file: string, directory: string) => void;

const breaks: Readonly<Record<string, Break>> = {
  garbage: (file) => writeFileSync(file, Buffer.alloc(40_000, 0x5a)),
  'an empty file': (file) => writeFileSync(file, ''),
  'the first half': (file) => writeFileSync(file, readFileSync(file).subarray(0, 6000)),
  'a page of another': (file) => {
    const bytes = readFileSync(file);
    bytes.fill(0x41, bytes.length - 4096);
    writeFileSync(file, bytes);
  },
  'a wrong header': (file) => {
    const bytes = readFileSync(file);
    bytes.write('not a database!!', 0, 'latin1');
    writeFileSync(file, bytes);
  },
  'another database': (file, directory) => {
    rmSync(file);
    const made = path.join(directory, 'other.sqlite3');
    execFileSync('python3', [
      ...[
        '-c',
        'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("create table t(x)"); c.commit()',
      ],
      made,
    ]);
    copyFileSync(made, file);
  },
  'a directory in its place': (file) => {
    rmSync(file);
    mkdirSync(file);
  },
  'a journal gone, its copies there': (file) => rmSync(file),
};

/** The commands of an operator who looks at a broken journal, in their order. */
async function look(name: string, how: Break): Promise<string | null> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const state = path.join(site, 'state');
  const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: site });
  try {
    writeFileSync(path.join(site, 'bbb2pod.toml'), `state_dir = "${state}"\n`);
    // Two runs, so that two copies are there.
    for (const id of ['20260101-000000-aaaa', '20260102-000000-bbbb']) {
      mkdirSync(state, { recursive: true });
      const journal = openJournal(state);
      journal.startRun({
        id,
        command: 'migrate recordings',
        target: 't',
        header: { mode: 'import', note: MARKER },
      });
      journal.recordIntents(id, [
        { id: `claim/${id}`, kind: 'claim', recordId: id, reason: 'claim-planned' },
      ]);
      journal.recordOutcomes(id, [{ actionId: `claim/${id}`, state: 'done', reason: 'claim-dropped' }]);
      journal.endRun(id, 'finished', { done: 1 });
      journal.close();
    }
    how(path.join(state, 'journal.sqlite3'), site);
    const before = await cli('migrate', 'status');
    const said = `${before.stdout}${before.stderr}`;
    if (/internal-fault|    at /.test(said)) return `status: ${said.slice(0, 300)}`;
    // A journal that is not there is a first run: its copies must then be spoken of by repair.
    const silent = before.status === 0 && !said.includes('20260102-000000-bbbb');
    if (
      silent &&
      existsSync(path.join(state, 'journal.sqlite3')) &&
      name !== 'a journal gone, its copies there'
    )
      return `status ended 0 and said nothing: ${said.slice(0, 200)}`;
    if (before.status !== 0 && !/migrate repair|namei -l/.test(said))
      return `no way out: ${said.slice(0, 300)}`;
    const repaired = await cli('migrate', 'repair');
    const word = `${repaired.stdout}${repaired.stderr}`;
    if (/internal-fault|    at /.test(word)) return `repair: ${word.slice(0, 300)}`;
    const after = await cli('migrate', 'status');
    if (after.status !== 0) return `status after repair: ${after.stdout}${after.stderr}`.slice(0, 300);
    return after.stdout.includes('20260101-000000-aaaa') ? null : `lost: ${after.stdout}`.slice(0, 300);
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}

export const attacks: readonly Attack[] = Object.entries(breaks).map(([name, how]) => ({
  name,
  run: () => look(name, how),
}));
