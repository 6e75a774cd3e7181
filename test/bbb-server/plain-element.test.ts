import { expect, it } from 'vitest';
import { readPlainElement } from '../../src/bbb-server/plain-element.js';
import { readNode } from '../../src/bbb-server/read-node.js';
import { oneRecording } from '../support/many-recordings.js';

const MOST = { depth: 38, elements: 10_000 };

it('reads what BigBlueButton writes, attributes, empty elements and entities included', () => {
  const text = `<recording a="1"><x/><y b='2' c="&lt;" >1 &amp; 2 &lt;é&gt;</y>\n ]text]</recording>`;
  expect(readPlainElement(text, MOST)).toEqual({
    name: 'recording',
    text: '\n ]text]',
    children: [
      { name: 'x', text: '', children: [] },
      { name: 'y', text: '1 & 2 <é>', children: [] },
    ],
  });
  expect(readPlainElement(oneRecording(7).trim(), MOST)?.children).toHaveLength(12);
});

it.each([
  ['a character reference', '<r>&#233;</r>'],
  ['another entity', '<r>&eacute;</r>'],
  ['a CDATA section', '<r><![CDATA[<b>]]></r>'],
  ['a comment', '<r><!-- x --></r>'],
  ['an instruction', '<r><?x y?></r>'],
  ['the end of a section in a text', '<r>a]]>b</r>'],
  ['line ends of other systems', '<r>a\r\nb</r>'],
  ['a character of two units', '<r>😀</r>'],
  ['an attribute twice', '<r><x a="1" a="2"/></r>'],
  ['an attribute without quotation marks', '<r><x a=1/></r>'],
  ['a sign of an end in an attribute', '<r><x a="1>2"/></r>'],
  ['a prefix', '<r><x:y/></r>'],
  ['crossed elements', '<r><a><b></a></b></r>'],
  ['text behind it', '<r></r>x'],
  ['no end', '<r><a></a>'],
])('leaves %s to the parser for all of XML', (_, text) => {
  expect(readPlainElement(text, MOST)).toBeNull();
});

it('leaves to it what is too deep or has too many elements', () => {
  expect(readPlainElement('<a><b><c></c></b></a>', { depth: 2, elements: 9 })).toBeNull();
  expect(readPlainElement('<a><b></b><c></c></a>', { depth: 9, elements: 2 })).toBeNull();
});

it('gives what the parser for all of XML gives', () => {
  const plain = `<recording><a x="1">é &amp; “b” &quot;c&apos; [0]</a><e/><f  y='"' ></f> z </recording>`;
  // A comment sends it to the other one.
  expect(readNode(plain)).toEqual(readNode(plain.replace('</recording>', '<!-- --></recording>')));
  const whole = oneRecording(11).trim();
  expect(readNode(whole)).toEqual(readNode(whole.replace('</recording>', '<!-- --></recording>')));
});
