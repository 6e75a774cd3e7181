import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localTime } from '../../src/kit/time-zone.js';

it('shows what the clock of each zone shows, to the second', () => {
  const zones = fc.constantFrom('Europe/Paris', 'Indian/Reunion', 'Asia/Kathmandu', 'Africa/Monrovia', 'UTC');
  const instants = fc.oneof(
    fc.integer({ min: Date.UTC(1968, 0), max: Date.UTC(2040, 0) }),
    // Around a change of the clock, twice within one minute.
    fc.integer({ min: Date.UTC(2024, 9, 27, 0, 59), max: Date.UTC(2024, 9, 27, 1, 1) }),
  );
  fc.assert(
    fc.property(zones, instants, (timeZone, at) => {
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
      expect(localTime(timeZone, at)).toBe(clock.format(at));
    }),
    { numRuns: 2000 },
  );
});
