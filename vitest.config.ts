import { defineConfig } from 'vitest/config';

// Suites by what they need: unit (nothing), databases, recorder, live, cluster, e2e (real programs of Debian).
// All run two files at a time (vitest's own choice on two cores is one): they share nothing, and those with servers wait
// for them, for seconds of a stream and for processes more than they compute. test/run.js calls the suites in order and prints their time.
const suite = (name: string, slow: boolean) => ({
  test: {
    name,
    include: name === 'unit' ? ['test/**/*.test.ts'] : [`test/**/*.${name}.test.ts`],
    exclude:
      name === 'unit'
        ? ['node_modules/**', 'test/**/*.{databases,recorder,live,cluster,e2e}.test.ts']
        : ['node_modules/**'],
    // Servers start when a file first asks (test/support/servers.ts) and stop at the end of the run.
    ...(['databases', 'e2e'].includes(name) ? { globalSetup: ['test/support/global-servers.ts'] } : {}),
    fileParallelism: true,
    maxWorkers: 2,
    // Browsers of one file that start at once.
    ...(name === 'live' ? { maxConcurrency: 2 } : {}),
    // Unit tests keep no state of their own: sharing the module graph halves their time.
    isolate: slow,
    // Limits for a machine that is new, cold and loaded: a test ends as soon as it knows.
    testTimeout: slow ? 300_000 : 10_000,
    hookTimeout: slow ? 300_000 : 20_000,
    setupFiles: [
      'src/cli/kit/catalog.ts',
      ...(name === 'live' ? ['test/support/live/explain-failures.ts'] : []),
    ],
    disableConsoleIntercept: true,
    env: { TZ: 'UTC', NO_COLOR: '1', LC_ALL: 'C.UTF-8' },
  },
});

export default defineConfig({
  test: {
    projects: [
      suite('unit', false),
      suite('databases', true),
      suite('recorder', true),
      suite('live', true),
      suite('cluster', true),
      suite('e2e', true),
    ],
  },
});
