import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { removeDirectory } from '../kit/adapters/files/own-directory.js';
import { lineSplitter, Tail } from '../kit/adapters/process/lines.js';
import { Devtools } from './devtools.js';
import {
  ANSWER_TIMEOUT_MS,
  firstLines,
  prepareChromium,
  START_TIMEOUT_MS,
  superviseChromium,
  type LaunchOptions,
} from './prepare-chromium.js';
import { killGroup } from './process-group.js';
import { texts } from './texts.js';

/** A browser that draws for us, driven over its pipe. */
export interface DrawingBrowser {
  readonly devtools: Devtools;
  readonly beginFrame: boolean;
  /** Process group of the browser and all its children. */
  readonly processGroup: number;
  /** Ends the whole process group and removes the profile. Never throws. */
  close(): Promise<void>;
}

/**
 * Starts a browser for content we do not trust, and waits until it answers.
 * @throws OperatorError chromium-missing, chromium-snap, chromium-start
 */
export async function startDrawingBrowser(options: LaunchOptions): Promise<DrawingBrowser> {
  options.signal?.throwIfAborted();
  const prepared = prepareChromium(options);
  const child = spawn(prepared.file, [...prepared.arguments, '--remote-debugging-pipe'], {
    env: { ...prepared.environment },
    // A group of its own: it ends as a whole.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const said = new Tail();
  const splitter = lineSplitter((line) => said.add(line));
  child.stderr?.on('data', splitter.write).on('error', () => undefined);
  const processGroup = child.pid ?? 0;
  const onOurEnd = (): void => killGroup(processGroup);
  process.once('exit', onOurEnd);
  const devtools = devtoolsOf(child, options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS);
  child.on('error', ({ message }) => devtools.end(message));
  // Nothing of its throw-away profile is worth a gentle end.
  const end = superviseChromium(processGroup, prepared, options);
  const close = async (): Promise<void> => {
    await end();
    process.off('exit', onOurEnd);
  };
  try {
    await answers(devtools, options.startTimeoutMs ?? START_TIMEOUT_MS);
  } catch (error) {
    await close();
    removeDirectory(prepared.profile);
    options.signal?.throwIfAborted();
    const detail = [firstLines(error), ...said.lines.slice(-3)].join(' ').slice(0, 400);
    throw texts.chromiumStart({ path: prepared.path, detail }, { cause: error });
  }
  return { devtools, beginFrame: prepared.beginFrame, processGroup, close };
}

const devtoolsOf = ({ stdio }: ChildProcess, answerTimeoutMs: number): Devtools =>
  new Devtools({ toBrowser: stdio[3] as Writable, fromBrowser: stdio[4] as Readable }, answerTimeoutMs);

async function answers(devtools: Devtools, timeoutMs: number): Promise<void> {
  const late = setTimeout(() => devtools.end(`it does not answer within ${timeoutMs / 1000} s`), timeoutMs);
  try {
    await devtools.root.send('Browser.getVersion');
  } finally {
    clearTimeout(late);
  }
}
