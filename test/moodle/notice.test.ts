import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFragment } from '../../src/moodle/notice/parse-fragment.js';
import { renderNotice, type NoticeValues } from '../../src/moodle/notice/render-notice.js';
import {
  appendBlock,
  cutBlock,
  findBlock,
  findLegacy,
  FORMAT,
  renderBlock,
  swallows,
} from '../../src/moodle/notice/block.js';

const values = (over: Partial<NoticeValues> = {}): NoticeValues => ({
  pod_url: 'https://pod.univ.example',
  import_url: 'https://pod.univ.example/import_video/',
  claim_url: 'https://pod.univ.example/record/claim_record/',
  contact: 'pod@univ.example',
  activity: 'A',
  course: 'C',
  count: '1',
  number: '1 recording',
  period: 'from 2024-01-01 to 2024-02-01',
  since: '2024-01-01',
  until: '2024-02-01',
  date: '2026-11-20',
  recordings: [],
  ...over,
});

describe('a notice file', () => {
  it.each(['fr.html', 'en.html', 'fr-claim.html', 'en-claim.html'])('%s, as shipped, is right', (name) => {
    const file = path.resolve('config/notices', name);
    const { html, text } = renderNotice(parseFragment(readFileSync(file, 'utf8'), name), values());
    expect(html).not.toMatch(/\{\{|\n|<div/);
    expect(text).toContain('https://pod.univ.example');
    expect(text).not.toMatch(/<|\{\{/);
  });

  it.each([
    ['<p>a\n<b>b</p>', 'n.html:2: </p> where </b> is expected (opened on line 2).'],
    ['<p>a', 'n.html:1: <p> is never closed.'],
    ['a</p>', 'n.html:1: </p> closes nothing.'],
    ['\n\n<script>x</script>', 'n.html:3: <script> is not allowed in a notice.'],
    ['<iframe src="https://x"></iframe>', 'n.html:1: <iframe> is not allowed in a notice.'],
    ['<form>x</form>', 'n.html:1: <form> is not allowed in a notice.'],
    ['<style>x</style>', 'n.html:1: <style> is not allowed in a notice.'],
    ['<div>x</div>', 'n.html:1: <div> is not allowed in a notice.'],
    ['<p onclick="x">a</p>', 'n.html:1: event attribute onclick is not allowed.'],
    ['<p style="x">a</p>', 'n.html:1: attribute style of <p> is not allowed.'],
    ['a\n<a href="javascript:x">a</a>', 'n.html:2: href must begin with https://, http:// or {{pod_url}}.'],
    ['<a href="{{contact}}">a</a>', 'n.html:1: href must begin with https://, http:// or {{pod_url}}.'],
    ['<p>{{nosuch}}</p>', 'n.html:1: unknown variable {{nosuch}}'],
    ['<p>{{count</p>', 'n.html:1: a variable is not closed: {{name}}.'],
    ['<p class=x>a</p>', 'n.html:1: attributes of <p> must be written name="value".'],
    ['1 < 2', 'n.html:1: a "<" that begins no tag: write &lt;.'],
    ['<p> </p>', 'n.html:1: holds no text.'],
    [`<p>${'x'.repeat(20_000)}</p>`, 'n.html:1: longer than 20000 bytes.'],
  ])('is refused when it is %j', (source, message) => {
    expect(() => parseFragment(source, 'n.html')).toThrow(message);
  });
});

describe('values in a notice', () => {
  const fragment = parseFragment(
    '<p title="{{activity}}">{{activity}} {{contact}}</p>{{recordings}}',
    'n.html',
  );

  it('are escaped, whatever a teacher called the recording', () => {
    const title = '</p><script>alert("1")</script> \' & \u202eRTL \u0000 🎓';
    const recordings = [
      { title, day: '2024-01-01', url: 'https://bbb/x?a="1"&b=<2>' },
      { title: '', day: '2024-01-02', url: 'javascript:alert(1)' },
    ];
    const { html } = renderNotice(fragment, values({ activity: title, recordings }));
    expect(html).not.toMatch(/<script|\u202e|\u0000|javascript/);
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &#39; &amp;');
    expect(html).toContain('<li><a href="https://bbb/x?a=&quot;1&quot;&amp;b=&lt;2&gt;"');
    expect(html).toContain('<li>2024-01-02 (2024-01-02)</li>');
  });

  it('leave no hole where there is no value', () => {
    const shipped = readFileSync(path.resolve('config/notices/fr.html'), 'utf8');
    const { html, text } = renderNotice(parseFragment(shipped, 'fr.html'), values({ contact: '' }));
    expect(html).toContain('adressez-vous à votre enseignant.</p>');
    expect(text).not.toMatch(/ $|  /m);
    const own = parseFragment('<p>a</p><p>{{contact}}</p><p>Questions : <b>{{contact}}</b></p>', 'n.html');
    expect(renderNotice(own, values({ contact: '' })).html).toBe('<p>a</p><p>Questions :</p>');
  });

  it('never open a tag or a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (activity) => {
        const { html } = renderNotice(fragment, values({ activity }));
        expect(html.match(/</g)).toHaveLength(2);
        expect(html).not.toContain('\n');
      }),
    );
  });
});

describe('the block in an intro', () => {
  const notice = { html: '<p>Moved &amp; gone</p>', text: 'Moved & gone' };
  const formats = Object.values(FORMAT);
  const intros = fc.oneof(
    fc.constant(null),
    fc.string(),
    fc.constant('# T\n\n* a'),
    fc.constant('<p>x</p>\n\n'),
  );

  it('is appended, found again and cut without touching another byte', () => {
    fc.assert(
      fc.property(intros, fc.constantFrom(...formats), fc.string(), (intro, format, after) => {
        fc.pre(
          findBlock(intro, 'c', format).state === 'absent' &&
            findBlock(after, 'c', format).state === 'absent',
        );
        fc.pre(!/<\/?div/i.test(after));
        const block = renderBlock(notice, 'c', format);
        const annotated = appendBlock(intro, block, format) + after;
        expect(annotated.startsWith(intro ?? '')).toBe(true);
        const found = findBlock(annotated, 'c', format);
        // An intro that ends in two line breaks of its own is cut with them: only there is the separator ambiguous.
        fc.pre(!(intro ?? '').endsWith('\n\n') || format === FORMAT.html || format === FORMAT.auto);
        expect(found.state === 'found' ? cutBlock(annotated, found.at) : found.state).toBe(
          (intro ?? '') + after,
        );
      }),
    );
  });

  it('is one of another campaign, or of nobody, for others', () => {
    const html = appendBlock(
      '<p>Podcast on Pod</p>',
      renderBlock(notice, 'autumn', FORMAT.html),
      FORMAT.html,
    );
    expect(findBlock(html, 'aut', FORMAT.html).state).toBe('absent');
    expect(findBlock('<p>Podcast on Pod</p>', 'autumn', FORMAT.html).state).toBe('absent');
  });

  it('is found in what an editor saved again, and given up when it cannot be told where it ends', () => {
    const block = renderBlock(notice, 'c', FORMAT.html);
    const edited = block.replace('class="alert', "id='z' class='alert").replace('c">', "c' lang='fr'>");
    expect(findBlock(`<p>new</p>${edited}`, 'c', FORMAT.html).state).toBe('found');
    for (const torn of [
      block + block,
      block.replace('</div>', ''),
      block.replace('<p>', '<div><p>'),
      '<p class="bbb2pod-notice-c">x</p>',
    ])
      expect(findBlock(torn, 'c', FORMAT.html).state).toBe('unclear');
  });

  it('is not put where it would be swallowed', () => {
    expect(swallows('<p>a <!-- b', FORMAT.html)).toBe('<!--');
    expect(swallows('<p>a <!-- b --> <textarea>', FORMAT.html)).toBe('<textarea>');
    expect(swallows('a\n```\ncode', FORMAT.markdown)).toBe('```');
    expect(swallows('a <!-- b', FORMAT.plain)).toBeNull();
    expect(swallows('<p>unclosed <b>', FORMAT.html)).toBeNull();
  });

  it("is told from the old script's message, and that from a mere mention of Pod", () => {
    const old =
      "<p>a</p><br><p class='alert alert-dark'>Vos enregistrements BBB : <a href='https://p/import_video/'>Pod</a></p>";
    expect(findLegacy(old)).toEqual({ start: 8, end: old.length });
    expect(findLegacy('<p>Podcast, Pod, BigBlueButton</p><p class="alert alert-dark">Examen</p>')).toBeNull();
  });
});
