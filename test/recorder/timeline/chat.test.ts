import { describe, expect, it } from 'vitest';
import { threeLetters } from '../../../src/recorder/language-codes.js';
import {
  messageParts,
  parseCaptions,
  parseChat,
  parseExternalVideos,
  parsePolls,
} from '../../../src/recorder/timeline/parse-chat.js';
import { chatUploadsOf } from '../../../src/recorder/timeline/upload-of.js';

const chat = (...lines: string[]): ReturnType<typeof parseChat> =>
  parseChat(`<popcorn>${lines.join('')}</popcorn>`);

describe('the chat of BBB 3.0', () => {
  it('knows what a message answers, who reacted, and that it was edited', () => {
    const [first, second, third] = chat(
      '<chattimeline in="1" id="a" name="Bob" message="when?" target="chat"><reactions><reaction emoji="👍" count="3"/><reaction emoji="" count="1"/></reactions></chattimeline>',
      '<chattimeline in="2" id="b" name="Alice" message="now" target="chat" replyToMessageId="a" lastEditedTimestamp="1700000001234"/>',
      '<chattimeline in="3" id="c" name="Alice" message="gone" target="chat" replyToMessageId="x" lastEditedTimestamp="0"/>',
    );
    expect(first).toMatchObject({ reactions: [{ emoji: '👍', count: 3 }], reply: null, edited: false });
    expect(second).toMatchObject({ reply: [{ text: 'when?', link: false }], edited: true, reactions: [] });
    expect(third).toMatchObject({ reply: null, edited: false });
  });

  it('finds addresses that stand as plain text, without the stop behind them', () => {
    expect(
      messageParts('see https://ex.fr/a?b=1, or <a href="https://b.fr/"><u>https://b.fr/</u></a>'),
    ).toEqual([
      { text: 'see ', link: false },
      { text: 'https://ex.fr/a?b=1', link: true },
      { text: ', or ', link: false },
      { text: 'https://b.fr/', link: true },
    ]);
  });

  it('breaks the lines of paragraphs and lists, and no more', () => {
    const text = (html: string): string =>
      messageParts(html)
        .map((part) => part.text)
        .join('');
    expect(text('<p>one</p>\n<p>two <b>words</b></p>')).toBe('one\ntwo words');
    expect(text('<div><p>one</p></div>')).toBe('one');
    expect(text('<p>one</p><ul>\n<li>a</li>\n<li>b</li>\n</ul><p>end</p>')).toBe('one\n• a\n• b\nend');
    expect(text('<ul><li>a</li></ul>')).toBe('• a');
    expect(messageParts('see www.ex.fr/a.')).toEqual([
      { text: 'see ', link: false },
      { text: 'www.ex.fr/a', link: true },
      { text: '.', link: false },
    ]);
  });

  it('takes no name of JavaScript for a letter', () => {
    expect(messageParts('&constructor; &xtoString;')).toEqual([
      { text: '&constructor; &xtoString;', link: false },
    ]);
  });

  it('keeps words bold, slanted, struck or typed, with the links in them', () => {
    expect(messageParts('<p>a <strong>b <em>c</em></strong> <code>x&lt;y</code></p>')).toEqual([
      { text: 'a ', link: false },
      { text: 'b ', link: false, tone: 'strong' },
      { text: 'c', link: false, tone: 'em' },
      { text: ' ', link: false },
      { text: 'x<y', link: false, tone: 'code' },
    ]);
    expect(messageParts('<b>see <a href="https://b.fr/"><u>https://b.fr/</u></a></b>')).toEqual([
      { text: 'see ', link: false, tone: 'strong' },
      { text: 'https://b.fr/', link: true, tone: 'strong' },
    ]);
    expect(messageParts('<br>1 <i>2').map(({ text }) => text)).toEqual(['1 2']);
  });

  it('knows the pictures that were pasted, of the recording only', () => {
    const pasted = 'look <img alt="x" src="/presentation/abc-1/file-uploads/0a-1.png"/> there';
    expect(messageParts(pasted)).toEqual([
      { text: 'look ', link: false },
      { text: '', link: false, picture: 'file-uploads/0a-1.png' },
      { text: ' there', link: false },
    ]);
    expect(messageParts('a<img src="https://elsewhere/x.png">b').map(({ text }) => text)).toEqual(['a', 'b']);
    const entries = chat(
      `<chattimeline in="1" name="Bob" message="${pasted.replace(/[<"]/g, (one) => `&#${one.charCodeAt(0)};`)}"/>`,
    );
    expect(chatUploadsOf([...entries, ...entries])).toEqual(['file-uploads/0a-1.png']);
  });

  it('reads named letters, and keeps what no name is', () => {
    expect(messageParts('d&eacute;j&agrave; &Ccedil;a &rsquo; &nosuch; <ul><li>a</li></ul>')).toEqual([
      { text: 'déjà Ça ’ &nosuch; \n• a', link: false },
    ]);
  });
});

describe('polls', () => {
  it('adds up answers that differ by case, in the spelling that has more votes', () => {
    const [poll] = parsePolls(
      JSON.stringify([
        {
          timestamp: 8,
          question: 'q',
          responders: 7,
          answers: [
            { id: 0, key: 'paris', numVotes: 2 },
            { id: 1, key: 'Paris', numVotes: 4, isCorrectAnswer: true },
            { id: 2, key: 'Lyon', numVotes: 1 },
          ],
        },
      ]),
    );
    expect(poll).toMatchObject({
      answers: [
        { number: 2, text: 'Paris', votes: 6, isRight: true },
        { number: 3, text: 'Lyon', votes: 1, isRight: false },
      ],
    });
  });

  it('are there without answers too, as videos without address', () => {
    expect(parsePolls('[{"timestamp":"10","question":"","answers":[]}]')).toHaveLength(1);
    expect(parseExternalVideos('[{"timestamp":"11","external_video_url":""}]')).toEqual([
      { kind: 'video', atMs: 11_000, url: '' },
    ]);
  });
});

it('takes captions of every locale that BBB writes', () => {
  const locales = ['fr', 'pt-BR', 'zh_CN', 'sr@latin', '../x', 'a b'];
  const found = parseCaptions(JSON.stringify(locales.map((locale) => ({ locale, localeName: 'L' }))));
  expect(found.map(({ file }) => file)).toEqual([
    'caption_fr.vtt',
    'caption_pt-BR.vtt',
    'caption_zh_CN.vtt',
    'caption_sr@latin.vtt',
  ]);
  expect(['fr_FR', 'zh_CN', 'sr@latin', 'deu', 'constructor'].map(threeLetters)).toEqual([
    'fra',
    'zho',
    'und',
    'deu',
    'und',
  ]);
});
