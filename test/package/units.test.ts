import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const directory = path.resolve(import.meta.dirname, '../../config/systemd');
const services = readdirSync(directory).filter((name) => name.endsWith('.service'));

describe('the units', () => {
  // systemd.exec(5): ProtectSystem=strict makes all of the file system read-only but /dev, /proc and /sys.
  it.each(services)('%s leaves its programs a /tmp to write in', (name) => {
    const text = readFileSync(path.join(directory, name), 'utf8');
    expect(text).toContain('ProtectSystem=strict');
    const paths = [...text.matchAll(/^ReadWritePaths=(.*)$/gm)].flatMap(([, list = '']) => list.split(' '));
    expect(/^PrivateTmp=yes$/m.test(text) || paths.includes('/tmp')).toBe(true);
  });
});
