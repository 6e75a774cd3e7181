import type { Rig, RigEvent, RigPart } from '../keeper/keeper-port.js';

/** `docker compose` on one slot's directory. */
export interface ComposePort {
  /** Writes docker-compose.yml, validates it and brings it up. @throws OperatorError live-compose-failed */
  up(signal: AbortSignal): Promise<void>;
  /** Whether its container runs. */
  isUp(): Promise<boolean>;
  down(): Promise<void>;
  /** Takes over what it recorded, in order. */
  collect(): void;
}

export interface ContainerRigOptions {
  readonly compose: ComposePort;
  readonly pollMs: number;
}

/**
 * A rig whose browser and encoder live in the image BigBlueButton-liveStreaming. It shows less than ours: no
 * progress, no audio, no page for chat; the container being up is all that can be watched.
 */
export function containerRig({ compose, pollMs }: ContainerRigOptions): Rig {
  let timer: NodeJS.Timeout | undefined;
  let upSince = 0;
  const rig: Rig = {
    onEvent: (): void => undefined,
    start: async (signal) => {
      clearInterval(timer);
      await compose.up(signal);
      upSince = Date.now();
      timer = setInterval(() => void watch(), pollMs);
    },
    repair: async (part: RigPart, signal: AbortSignal) => {
      // No progress is no stall here: a container that is up is left alone.
      if (part === 'encoder' && (await compose.isUp())) return;
      clearInterval(timer);
      await compose.down();
      compose.collect();
      await rig.start(signal);
    },
    audio: async () => 'unknown',
    say: async () => false,
    toggleChat: async () => 'impossible',
    hasChatAsWished: async () => false,
    pause: async () => undefined,
    targets: () => [],
    children: () => ({}),
    stop: async () => {
      clearInterval(timer);
      await compose.down().catch(() => undefined);
      compose.collect();
    },
  };
  const watch = async (): Promise<void> => {
    const up = await compose.isUp().catch(() => true);
    const event: RigEvent = up
      ? { kind: 'progress', progress: progressOf(Date.now() - upSince) }
      : { kind: 'died', part: 'container', detail: 'the container ended' };
    if (!up) clearInterval(timer);
    rig.onEvent(event);
  };
  return rig;
}

const progressOf = (outMs: number) => ({
  frames: 0,
  fps: 0,
  bitrateKbps: null,
  outMs,
  speed: null,
  dropped: 0,
  duplicated: 0,
});
