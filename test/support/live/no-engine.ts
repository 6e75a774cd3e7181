import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Docker's own programs, on a machine without an engine: whatever this one has. Put in front of PATH.
 * @returns how to take it away again.
 */
export function withoutEngine(directory: string): () => void {
  const shims = path.join(directory, 'no-engine');
  mkdirSync(shims);
  const before = process.env['PATH'] ?? '';
  for (const program of ['docker', 'docker-compose'])
    writeFileSync(
      path.join(shims, program),
      `#!/bin/sh\nexport PATH='${before}' DOCKER_HOST='unix://${shims}/nobody.sock'\nexec ${program} "$@"\n`,
      { mode: 0o755 },
    );
  process.env['PATH'] = `${shims}:${before}`;
  return () => {
    process.env['PATH'] = before;
  };
}
