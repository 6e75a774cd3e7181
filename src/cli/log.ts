import { appendFileSync, chmodSync } from 'node:fs';
import { redactText } from '../config/redact.js';
import { plainText } from '../output/text.js';

const levels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof levels)[number];

/** Writes one dated line; texts are redacted and freed of terminal escapes here, once for all callers. */
export type Log = (level: LogLevel, message: string) => void;

/** Opens the log: a file of mode 0600 when given, else standard error for warnings and worse. */
export function openLog({ level, file }: { level: LogLevel; file: string | undefined }): Log {
  const most = levels.indexOf(level);
  return (messageLevel, message) => {
    if (levels.indexOf(messageLevel) > most) return;
    const line = `${new Date().toISOString()} ${messageLevel} ${plainText(redactText(message))}\n`;
    if (file === undefined) {
      if (messageLevel === 'error' || messageLevel === 'warn' || level === 'debug')
        process.stderr.write(line);
      return;
    }
    appendFileSync(file, line, { mode: 0o600 });
    chmodSync(file, 0o600);
  };
}
