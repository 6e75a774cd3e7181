import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';

/** Gives a file that is about to be replaced another name beside it: `report.html` becomes `report-1.html`, then `-2`. */
export function keepEarlier(file: string): void {
  if (!existsSync(file)) return;
  const { dir, name, ext } = path.parse(file);
  let number = 1;
  while (existsSync(path.join(dir, `${name}-${number}${ext}`))) number++;
  renameSync(file, path.join(dir, `${name}-${number}${ext}`));
}
