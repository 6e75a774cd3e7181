import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** Debian's certbot; tests that need it run where it is installed (bin/setup --test brings it). */
export const CERTBOT = '/usr/bin/certbot';

/** Certbot with all that it keeps below `home`, and a systemctl that writes down what it was told. */
export class HomeCertbot {
  private readonly bin: string;

  constructor(private readonly home: string) {
    this.bin = path.join(home, 'bin');
    mkdirSync(this.bin, { recursive: true });
    writeFileSync(path.join(this.bin, 'systemctl'), `#!/bin/sh\necho "$@" >> ${home}/reloads\n`, {
      mode: 0o755,
    });
  }

  async run(...args: readonly string[]): Promise<void> {
    await promisify(execFile)(
      CERTBOT,
      [
        ...args,
        ...['--non-interactive', '--config-dir', `${this.home}/conf`, '--work-dir', `${this.home}/work`],
        ...['--logs-dir', `${this.home}/logs`],
      ],
      { env: { ...process.env, PATH: `${this.bin}:${process.env['PATH'] ?? ''}` }, timeout: 120_000 },
    );
  }

  /** The command of a node's runbook that gets its certificate, from the authority given. */
  async getAsTheRunbookSays(node: string, server: string): Promise<void> {
    const page = readFileSync(path.join(this.home, node, 'RUNBOOK.md'), 'utf8');
    const line = /^certbot certonly .*$/m.exec(page)?.[0];
    if (line === undefined) throw new Error('the runbook gets no certificate');
    const words = line
      .split(' ')
      .slice(1)
      .map((word) => word.replace('/etc/letsencrypt', path.join(this.home, node, 'etc/letsencrypt')));
    await this.run(...words, '--server', server, '--agree-tos', '--register-unsafely-without-email');
  }

  /** What Debian's timer does, at once. */
  renew(): Promise<void> {
    return this.run('renew', '--force-renewal', '--no-random-sleep-on-renew');
  }

  /** What systemctl was told so far. */
  reloads(): string {
    return readFileSync(`${this.home}/reloads`, 'utf8');
  }
}
