import { appendFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { redactText } from '../../kit/config/redact.js';
import { plainText } from '../../kit/output/text.js';

export interface RotatingLogSettings {
  readonly file: string;
  readonly maxBytes: number;
  readonly keep: number;
  /** Words that must never be written, such as a stream's credentials. */
  readonly hidden: readonly string[];
}

/** The log of one live: dated lines, without secrets, rotated by size (`x.log`, `x.log.1`, …), mode 0600. */
export function openRotatingLog({
  file,
  maxBytes,
  keep,
  hidden,
}: RotatingLogSettings): (level: string, message: string) => void {
  let size = existsSync(file) ? statSync(file).size : 0;
  return (level, message) => {
    const shown = hidden.reduce((text, word) => text.replaceAll(word, '***'), message);
    const line = `${new Date().toISOString()} ${level} ${plainText(redactText(shown))}\n`;
    if (size + line.length > maxBytes) {
      rotate(file, keep);
      size = 0;
    }
    try {
      appendFileSync(file, line, { mode: 0o600 });
      size += line.length;
    } catch {
      // A full disk must not end the live that this line is about.
    }
  };
}

function rotate(file: string, keep: number): void {
  rmSync(`${file}.${keep}`, { force: true });
  for (let number = keep - 1; number >= 1; number--)
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  if (existsSync(file)) renameSync(file, `${file}.1`);
}
