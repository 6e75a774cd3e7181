import type { Page } from 'puppeteer';

export interface JoinAudioOptions {
  readonly waitMs: number;
  /** Whether BigBlueButton's API counts us as listening: with LiveKit nobody's microphone is no element at all. */
  readonly listening: () => Promise<boolean>;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Buttons to press, in this order, one step after another, whenever one is there and nothing plays yet. The
 * client's markers of 2.4 to 3.0: the listen-only choice first; where newer clients have none, the way through
 * the audio dialog without microphone.
 */
const BUTTONS = [
  'listenOnlyBtn',
  'helpListenOnlyBtn',
  'joinAudio',
  'microphoneBtn',
  'echoYesBtn',
  'joinEchoTestButton',
  'allowAudioBtn',
];

const ASK_MS = 2000;

/**
 * Whether an audio element of the page sounds: playing, not muted, its clock running. The sound of the meeting is one in every
 * version (#remote-media; one for each microphone with LiveKit); a shared video or screen sounds without our having joined.
 */
export const isAudioPlaying = async (page: Page): Promise<boolean> =>
  (await page.evaluate(`(async () => {
    const playing = () => [...document.querySelectorAll('audio')].filter((m) =>
      !m.paused && !m.muted && m.readyState >= 2 && (!m.srcObject || m.srcObject.getAudioTracks().some((t) => t.readyState === 'live')));
    const before = playing().map((m) => [m, m.currentTime]);
    if (before.length === 0) return false;
    await new Promise((resolve) => setTimeout(resolve, 250));
    return before.some(([m, at]) => m.currentTime > at);
  })()`)) === true;

/** Joins the audio whatever the client's version. @returns whether something plays in the end. */
export async function joinAudio(
  page: Page,
  { waitMs, listening, log, signal }: JoinAudioOptions,
): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  // The client was asked to join by itself; pressing meanwhile would open its dialog twice.
  const handsOffUntil = Date.now() + Math.min(1500, waitMs / 3);
  const pressed = new Set<string>();
  let askAt = 0;
  while (!signal.aborted) {
    if (await isAudioPlaying(page)) return true;
    if (Date.now() >= askAt) {
      askAt = Date.now() + ASK_MS;
      if (await listening()) return true;
    }
    if (Date.now() > deadline) return false;
    if (Date.now() > handsOffUntil) {
      const name = await press(
        page,
        BUTTONS.filter((button) => !pressed.has(button)),
      );
      if (name !== null) {
        pressed.add(name);
        log(`audio: pressed ${name}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

async function press(page: Page, names: readonly string[]): Promise<string | null> {
  const pressed: unknown = await page.evaluate(`((names) => {
    for (const name of names) {
      const button = document.querySelector('[data-test="' + name + '"]');
      if (button && !button.disabled) { button.click(); return name; }
    }
    return null;
  })(${JSON.stringify(names)})`);
  return typeof pressed === 'string' ? pressed : null;
}
