import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Devtools } from '../../src/chromium/devtools.js';

/** A browser at the other end of the pipe, that says what it is told to. */
function browser(answerTimeoutMs = 60_000) {
  const [toBrowser, fromBrowser] = [new PassThrough(), new PassThrough()];
  const devtools = new Devtools({ toBrowser, fromBrowser }, answerTimeoutMs);
  const heard = async (): Promise<{ id: number; method: string; sessionId?: string }> => {
    const [chunk] = (await once(toBrowser, 'data')) as [Buffer];
    expect(chunk.at(-1)).toBe(0);
    return JSON.parse(chunk.subarray(0, -1).toString()) as { id: number; method: string };
  };
  const say = (message: object): boolean => fromBrowser.write(`${JSON.stringify(message)}\0`);
  return { devtools, fromBrowser, heard, say };
}

it('puts an answer together that comes in pieces, and takes two that come at once', async () => {
  const { devtools, fromBrowser, heard } = browser();
  const [asked, one] = [heard(), devtools.root.send('Browser.getVersion')];
  const { id } = await asked;
  const two = devtools.root.send('Browser.getVersion');
  const text = [
    { id, result: { product: 'é' } },
    { id: id + 1, result: { product: 'b' } },
  ]
    .map((message) => `${JSON.stringify(message)}\0`)
    .join('');
  const bytes = Buffer.from(text);
  // Within the letter, which takes two bytes.
  const middle = bytes.indexOf(0xc3) + 1;
  fromBrowser.write(bytes.subarray(0, middle));
  fromBrowser.write(bytes.subarray(middle));
  expect([(await one).product, (await two).product]).toEqual(['é', 'b']);
});

it('tells events and failures to their own page', async () => {
  const { devtools, heard, say } = browser();
  const attach = async (sessionId: string) => {
    const [asked, attached] = [heard(), devtools.attach('target')];
    say({ id: (await asked).id, result: { sessionId } });
    return attached;
  };
  const [a, b] = [await attach('a'), await attach('b')];
  const seen: string[] = [];
  a.on('Page.loadEventFired', () => seen.push('a'));
  b.once('Page.loadEventFired', () => seen.push('b'));
  for (const sessionId of ['b', 'b', 'a'])
    say({ method: 'Page.loadEventFired', sessionId, params: { timestamp: 1 } });
  const [asked, refused] = [heard(), a.send('Page.enable')];
  const { id, sessionId } = await asked;
  say({ id, sessionId, error: { message: 'no such page' } });
  await expect(refused).rejects.toThrow('no such page');
  expect(sessionId).toBe('a');
  expect(seen).toEqual(['b', 'a']);
});

it('does not wait for a page that has gone, for a silent browser, or for one that ended', async () => {
  const { devtools, fromBrowser, heard, say } = browser();
  const [asked, attached] = [heard(), devtools.attach('target')];
  say({ id: (await asked).id, result: { sessionId: 'a' } });
  const page = await attached;
  const gone = page.send('Page.enable');
  say({ method: 'Target.detachedFromTarget', params: { sessionId: 'a' } });
  await expect(gone).rejects.toThrow('the page has gone');
  const waiting = devtools.root.send('Browser.getVersion');
  fromBrowser.destroy();
  await expect(waiting).rejects.toThrow('the browser ended');
  await expect(devtools.root.send('Browser.getVersion')).rejects.toThrow('the browser ended');
  await expect(browser(1).devtools.root.send('Browser.getVersion')).rejects.toThrow('no answer in 0.001 s');
});
