import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyDirectory, runCli } from './run-cli.js';

/** What bash would offer after these words, the last one being typed. */
async function complete(...words: string[]): Promise<string[]> {
  const cwd = emptyDirectory();
  const { stdout } = await runCli(['completion', 'bash'], { cwd });
  const file = path.join(cwd, 'completion.bash');
  const list = words.map((word) => `'${word}'`).join(' ');
  writeFileSync(
    file,
    `${stdout}\nCOMP_WORDS=(bbb2pod ${list})\nCOMP_CWORD=${words.length}\n_bbb2pod\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
  );
  return execFileSync('bash', [file], { cwd, encoding: 'utf8' }).trim().split('\n');
}

describe('bbb2pod completion', () => {
  it('offers commands, then their words, then their flags and values', async () => {
    expect(await complete('do')).toEqual(['doctor']);
    expect(await complete('migrate', 'rec')).toEqual(['recordings']);
    expect(await complete('--config', 'x.toml', 'doctor', '--verb')).toEqual(['--verbose']);
    expect(await complete('doctor', '--log-level', 'w')).toEqual(['warn']);
    expect(await complete('completion', '--log-file', 'compl')).toEqual(['completion.bash']);
  });

  it.each(['bash', 'zsh', 'fish'])('knows every visible flag for %s', async (shell) => {
    const { status, stdout } = await runCli(['completion', shell], { cwd: emptyDirectory() });
    expect(status).toBe(0);
    expect(stdout).toContain('recordings');
    expect(stdout).toContain('use-import-video');
    expect(stdout).not.toContain('use_export_csv');
  });

  it('refuses another shell with status 2', async () => {
    expect((await runCli(['completion', 'tcsh'], { cwd: emptyDirectory() })).status).toBe(2);
  });
});
