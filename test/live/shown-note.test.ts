import { afterEach, expect, it } from 'vitest';
import { showIn } from '../../src/kit/language.js';
import { incidentNote, shownNote } from '../../src/live/pass-incidents.js';
import '../../src/live/texts.js';

afterEach(() => showIn('en'));

it('tells an incident in the language of whoever reads it', () => {
  const note = incidentNote('bbb-2', { code: 'start-failed', detail: 'EROFS' });
  expect(shownNote(note).text).toBe('bbb-2 does not start: EROFS');
  showIn('fr');
  expect(shownNote(note).text).toBe('bbb-2 ne démarre pas\u00a0: EROFS');
  expect(note.text).toBe('bbb-2 does not start: EROFS');
});
