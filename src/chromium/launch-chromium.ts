import type { Browser } from 'puppeteer';
import { removeDirectory } from '../kit/adapters/files/own-directory.js';
import {
  ANSWER_TIMEOUT_MS,
  firstLines,
  prepareChromium,
  START_TIMEOUT_MS,
  superviseChromium,
  type LaunchOptions,
} from './prepare-chromium.js';
import { texts } from './texts.js';

export interface LaunchedChromium {
  readonly browser: Browser;
  /** Process group of the browser and all its children. */
  readonly processGroup: number;
  /** Ends the whole process group and removes the profile. Never throws. */
  close(): Promise<void>;
}

/**
 * Starts a browser for content we do not trust, driven by puppeteer. (What only draws needs less: start-drawing-browser.ts.)
 * @throws OperatorError chromium-missing, chromium-snap, chromium-start
 */
export async function launchChromium(options: LaunchOptions): Promise<LaunchedChromium> {
  options.signal?.throwIfAborted();
  const prepared = prepareChromium(options);
  const { default: puppeteer } = await import('puppeteer');
  let browser: Browser;
  try {
    browser = await puppeteer.launch({
      executablePath: prepared.file,
      args: [...prepared.arguments],
      ignoreDefaultArgs: true,
      pipe: true,
      defaultViewport: null,
      env: { ...prepared.environment },
      timeout: options.startTimeoutMs ?? START_TIMEOUT_MS,
      protocolTimeout: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
      waitForInitialPage: false,
      dumpio: false,
    });
  } catch (error) {
    removeDirectory(prepared.profile);
    throw texts.chromiumStart({ path: prepared.path, detail: firstLines(error) }, { cause: error });
  }
  const processGroup = browser.process()?.pid ?? 0;
  const gently = (): Promise<void> =>
    Promise.race([
      browser.close(),
      new Promise<void>((resolve) => setTimeout(resolve, GENTLE_END_MS).unref()),
    ]);
  const close = superviseChromium(processGroup, prepared, options, gently);
  if (options.signal?.aborted === true) {
    await close();
    options.signal.throwIfAborted();
  }
  return { browser, processGroup, close };
}

const GENTLE_END_MS = 2000;
