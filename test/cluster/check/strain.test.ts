import { describe, expect, it, vi } from 'vitest';
import { openCheckPorts } from '../../../src/cli/cluster/check-ports.js';

describe('the watch over this machine', () => {
  it.each(['after its reading', 'when the check is over'])('ends %s', (when) => {
    vi.useFakeTimers();
    try {
      const ending = new AbortController();
      const ports = openCheckPorts({ timeoutMs: 1000, ffprobe: 'ffprobe', signal: ending.signal });
      expect(vi.getTimerCount()).toBe(1);
      if (when === 'after its reading') ports.strain();
      else ending.abort();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
