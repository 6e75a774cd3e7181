import { expect, it } from 'vitest';
import { chromiumArguments } from '../../src/chromium/chromium-arguments.js';

it('switches features off in one argument (of several the last counts), the service of on-device models among them', () => {
  const args = chromiumArguments({
    ...{ headlessShell: false, headless: true, sandbox: true, beginFrame: false, sound: true },
    ...{ profile: '/p', reach: { proxyPort: 1 }, size: { width: 640, height: 360 } },
    more: ['--auto-accept-this-tab-capture'],
  });
  const switches = args.filter((arg) => arg.startsWith('--disable-features='));
  expect(switches).toHaveLength(1);
  expect(switches[0]).toMatch(/[=,]LogOnDeviceMetricsOnStartup(,|$)/);
});
