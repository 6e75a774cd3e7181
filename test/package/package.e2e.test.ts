import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/* What packages are made of, without building them: `npm run prove package` builds, installs and runs them. */
const root = path.resolve(import.meta.dirname, '../..');
const units = readdirSync(path.join(root, 'config/systemd'));
let scratch = '';

beforeAll(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-units-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('systemd units', () => {
  it('are all accepted by systemd-analyze verify, and every command they start exists', () => {
    const directory = path.join(scratch, 'units');
    cpSync(path.join(root, 'config/systemd'), directory, { recursive: true });
    const standIn = path.join(scratch, 'bbb2pod');
    writeFileSync(standIn, '#!/bin/sh\n');
    chmodSync(standIn, 0o755);
    for (const unit of units) {
      const file = path.join(directory, unit);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replaceAll('/usr/bin/bbb2pod', standIn));
    }
    // The account is made by the package; --man asks for a page that is not installed here.
    const { stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...units.map((unit) => path.join(directory, unit))],
      {
        encoding: 'utf8',
      },
    );
    expect(stderr.split('\n').filter((line) => line.includes('bbb2pod'))).toEqual([]);
  });

  it('start commands and flags that the manifest knows', () => {
    const { commands } = JSON.parse(readFileSync(path.join(root, 'oclif.manifest.json'), 'utf8')) as {
      commands: Record<string, { flags: Record<string, unknown> }>;
    };
    const lines = units
      .flatMap((unit) => readFileSync(path.join(root, 'config/systemd', unit), 'utf8').split('\n'))
      .flatMap((line) => {
        const [, words] = /(?:^ExecStart=|-c ')\/usr\/bin\/bbb2pod ([^>"']*)/.exec(line) ?? [];
        const [, backup] = /^Environment="BACKUP=(.*)"$/.exec(line) ?? [];
        return [words, backup].filter((found) => found !== undefined && !found.startsWith('$BACKUP'));
      })
      .map((words) => (words ?? '').trim().split(/\s+/));
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const [topic = '', command = '', ...flags] of lines) {
      const known = commands[`${topic}:${command}`];
      expect(known, `${topic} ${command}`).toBeDefined();
      for (const flag of flags.filter((word) => word.startsWith('--')))
        expect(Object.keys(known?.flags ?? {})).toContain(flag.slice(2));
    }
  });
});

describe('Containerfile', () => {
  const lines = readFileSync(path.join(root, 'config/Containerfile'), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const instructions = lines.map(
    (line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const,
  );
  const of = (name: string): string[] => instructions.filter(([key]) => key === name).map(([, rest]) => rest);

  it('holds known instructions only, begins with a pinned image, ends as an account without rights', () => {
    const known = ['FROM', 'COPY', 'RUN', 'ENV', 'USER', 'WORKDIR', 'VOLUME', 'ENTRYPOINT', 'CMD'];
    expect(instructions.map(([key]) => key).filter((key) => !known.includes(key))).toEqual([]);
    expect(instructions[0]?.[0]).toBe('FROM');
    expect(of('FROM')).toEqual([expect.stringMatching(/^debian:\d+(-slim)?$/)]);
    expect(of('USER').at(-1)).toBe('bbb2pod');
  });

  it('runs one layer that leaves no package lists, and starts without a shell', () => {
    const [run = ''] = of('RUN');
    expect(of('RUN')).toHaveLength(1);
    expect(run).toContain('--no-install-recommends');
    expect(run).toContain('rm -rf /var/lib/apt/lists/*');
    for (const form of [...of('ENTRYPOINT'), ...of('CMD'), ...of('VOLUME')])
      expect(JSON.parse(form)).toBeInstanceOf(Array);
  });
});

describe('what a package says of itself', () => {
  it('has a manual page that man accepts, with every visible command', () => {
    const page = path.join(scratch, 'bbb2pod.1');
    writeFileSync(page, execFileSync(process.execPath, ['bin/package/man-page.js'], { cwd: root }));
    const { stdout, stderr } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', page], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '80' },
    });
    expect(stderr).toBe('');
    for (const command of [
      'migrate recordings',
      'recorder convert',
      'moodle annotate',
      'live run',
      'cluster check',
    ])
      expect(stdout).toContain(`bbb2pod ${command}`);
    expect(stdout).not.toContain('use_export_csv');
  });

  it('ships only licences that GPL-3.0-or-later may be given with, and refuses others', () => {
    const licences = path.join(root, 'bin/package/licences.js');
    expect(spawnSync(process.execPath, [licences], { encoding: 'utf8' }).status).toBe(0);
    const judge = `const { isAllowed } = await import(${JSON.stringify(licences)});
      console.log(['MIT', '(MIT OR GPL-2.0-only)', 'MIT AND SSPL-1.0', 'UNLICENSED', 'none'].map(isAllowed).join())`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', judge], {
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe('true,true,false,false,false');
  });

  it('packs no development file and the lock without development packages', () => {
    const copy = path.join(scratch, 'pack');
    mkdirSync(path.join(copy, 'bin/package'), { recursive: true });
    for (const file of ['package-lock.json', 'bin/package/shrinkwrap.js'])
      cpSync(path.join(root, file), path.join(copy, file));
    execFileSync(process.execPath, [path.join(copy, 'bin/package/shrinkwrap.js'), 'write']);
    const { packages } = JSON.parse(readFileSync(path.join(copy, 'npm-shrinkwrap.json'), 'utf8')) as {
      packages: Record<
        string,
        { dev?: boolean; devDependencies?: object; name?: string; hasInstallScript?: boolean }
      >;
    };
    expect(Object.values(packages).filter(({ dev }) => dev === true)).toEqual([]);
    expect(packages['']?.devDependencies).toBeUndefined();
    // A package that downloads a browser when it is installed would be called puppeteer.
    expect(packages['node_modules/puppeteer']?.name).toBe('puppeteer-core');
    execFileSync(process.execPath, [path.join(copy, 'bin/package/shrinkwrap.js'), 'remove']);
    expect(readdirSync(copy)).not.toContain('npm-shrinkwrap.json');
  });
});
