import { createInterface } from 'node:readline/promises';
import { texts as migrateTexts } from '../../migrate/texts.js';
import { words } from './words.js';

/**
 * Asks before things are taken back or away. Without a terminal `--yes` is compulsory.
 * @throws OperatorError confirmation-missing; interrupted when the answer is not yes.
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw migrateTexts.confirmationMissing();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(words.askYes({ question })).catch(() => '');
    if (!['y', 'yes', 'o', 'oui'].includes(answer.trim().toLowerCase())) throw migrateTexts.declined();
  } finally {
    terminal.close();
  }
}
