import { expect, it } from 'vitest';
import { chromiumArguments } from '../../src/chromium/chromium-arguments.js';

const argumentsFor = (proxyPort: number): string[] =>
  chromiumArguments({
    headlessShell: false,
    headless: true,
    sandbox: true,
    beginFrame: false,
    sound: true,
    profile: '/tmp/profile',
    reach: { proxyPort },
    size: { width: 640, height: 360 },
    more: ['--lang=en'],
  });

// What it does in a browser: npm run prove live -- browser
it('tells the browser its class of performance, so that it starts no service to find out', () => {
  const given = argumentsFor(4000);
  expect(given).toContain('--optimization-guide-performance-class=1');
  // The feature that schedules it is left alone: the proof shortens its delay.
  expect(given.filter((argument) => argument.startsWith('--disable-features=')).join('\n')).not.toContain(
    'LogOnDeviceMetricsOnStartup',
  );
  expect(given.at(-1)).toBe('about:blank');
});
