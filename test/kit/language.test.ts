import { afterEach, describe, expect, it } from 'vitest';
import { describeCode } from '../../src/kit/errors/describe-code.js';
import { fillIn } from '../../src/kit/errors/fill-in.js';
import { systemTexts } from '../../src/kit/errors/system.js';
import { shownFailure } from '../../src/kit/errors/operator-error.js';
import { languageOf, showIn } from '../../src/kit/language.js';
import { defineWords } from '../../src/kit/output/words.js';

afterEach(() => showIn('en'));

describe('the language of what is shown', () => {
  it.each([
    [{ LANG: 'fr_FR.UTF-8' }, undefined, 'fr'],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: 'C.UTF-8' }, undefined, 'en'],
    [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'fr_CA' }, undefined, 'fr'],
    [{ LANG: 'en_GB.UTF-8', BBB2POD_LANG: 'fr' }, undefined, 'fr'],
    [{ LANG: 'fr_FR.UTF-8', BBB2POD_LANG: 'fr' }, 'en', 'en'],
    [{ LANG: '', LC_ALL: '' }, undefined, 'en'],
    [{}, undefined, 'en'],
  ])('%j with --lang %s is %s', (environment, explicit, language) => {
    expect(languageOf(environment, explicit)).toBe(language);
  });

  it('is that of texts and words; a failure keeps its English message for the log', () => {
    const words = defineWords({
      listed: {
        en: '{count} {count:recording|recordings}',
        fr: '{count} {count:enregistrement|enregistrements}',
      },
    });
    const failure = systemTexts.diskFull({ path: '/data' });
    const english = shownFailure(failure).text;
    expect(words.listed({ count: 0 })).toBe('0 recordings');
    showIn('fr');
    expect(words.listed({ count: 0 })).toBe('0 enregistrement');
    expect(words.listed({ count: 2 })).toBe('2 enregistrements');
    expect(failure.message).toBe(english);
    expect(shownFailure(failure).text).not.toBe(english);
    expect(describeCode('disk-full', { path: '/data' }, 'en').text).toBe(english);
  });
});

it('fills in what is given and leaves the rest', () => {
  expect(fillIn('{a} {b} {n:day|days}', { a: 1, n: 1 }, 'en')).toBe('1 {b} day');
});
