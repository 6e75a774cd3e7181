import { afterEach } from 'vitest';
import { describeBenches } from './open-benches.js';

/* A setup file of the live suite: a failed assertion also says how the lives were at that moment. */
afterEach(({ task }) => {
  const [error] = task.result?.errors ?? [];
  if (task.result?.state !== 'fail' || error === undefined || error.message.includes('machine: load')) return;
  const state = describeBenches();
  if (state === '') return;
  const message = `${error.message}\n${state}`;
  // Reports quote either.
  if (error.stack !== undefined) error.stack = error.stack.replace(error.message, () => message);
  error.message = message;
});
