import { describe, expect, it } from 'vitest';
import { keepLive } from '../../src/live/keeper/keep.js';
import type { KeeperJob, KeeperPorts, KeeperTimes, Rig, RigPart } from '../../src/live/keeper/keeper-port.js';

const times: KeeperTimes = {
  tickMs: 5,
  pollMs: 1000,
  stallMs: 10,
  backoffMs: 1,
  backoffMaxMs: 5,
  maxDurationMs: 20_000,
  emptyMs: 0,
  beatMs: 1000,
};
const job: KeeperJob = {
  id: 'bbb-1',
  origin: 'bbb',
  podId: 1,
  meetingId: 'm',
  meetingName: 'Chimie',
  internalMeetingId: 'i',
  createTime: 1,
  slot: 1,
  restricted: false,
  chat: false,
  showChat: false,
  record: false,
  streamName: 'bbb-1-chimie',
  rtmpUrl: null,
  broadcasterId: null,
  stream: true,
  createdAt: 0,
};

describe('keepLive', () => {
  it('replaces a stalling encoder alone, then everything: a dead sound server stalls each new one', async () => {
    const repaired: RigPart[] = [];
    const order = { stop: false };
    const rig: Rig = {
      onEvent: () => undefined,
      start: async () => undefined,
      repair: async (part) => {
        repaired.push(part);
        order.stop = part === 'screen';
      },
      audio: async () => 'joined',
      say: async () => true,
      toggleChat: async () => undefined,
      children: () => ({}),
      stop: async () => undefined,
    };
    const ports: KeeperPorts = {
      rig,
      look: async () => ({ state: 'present', createTime: 1, participants: [] }),
      sendChat: async () => true,
      takeChat: async () => [],
      writeStatus: () => undefined,
      stopAsked: () => (order.stop ? 'pod-stopped' : null),
      beat: async () => undefined,
      log: () => undefined,
      now: () => Date.now(),
    };
    expect(await keepLive(job, ports, times, new AbortController().signal)).toBe('pod-stopped');
    expect(repaired).toEqual(['encoder', 'encoder', 'encoder', 'screen']);
  });
});
