import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * The device file that an H.264 encoder of this machine would use, or null: NVIDIA's first card, or the first render
 * node for QSV and VA-API. It says nothing of whether it works. @param devices /dev
 */
export function findEncodingDevice(name: 'nvenc' | 'qsv' | 'vaapi', devices: string): string | null {
  if (name === 'nvenc') {
    const card = path.join(devices, 'nvidia0');
    return existsSync(card) ? card : null;
  }
  const directory = path.join(devices, 'dri');
  const nodes = existsSync(directory) ? readdirSync(directory) : [];
  const node = nodes.filter((file) => file.startsWith('renderD')).sort()[0];
  return node === undefined ? null : path.join(directory, node);
}
