import { readFileSync } from 'node:fs';
import path from 'node:path';
import { planJob } from '../../../src/recorder/plan-job.js';
import { scenePage } from '../../../src/recorder/scenes/scene-page.js';
import { visitScene } from '../../../src/recorder/scenes/visit-scene.js';
import { metadataText } from '../../../src/recorder/encoding/plan-file.js';
import {
  presentationFiles,
  readPresentation,
  type PresentationTexts,
} from '../../../src/recorder/timeline/read-presentation.js';
import { testOptions } from '../presentations.js';
import { parseXml } from '../../../src/recorder/timeline/xml-tree.js';

/** From the files of a presentation, one of them replaced, to all that a conversion decides and draws. Pure. */
export function conversionOf(fixtures: string, file: string, content: string): unknown {
  const generation = file === 'tldraw.json' ? 'tldraw2' : 'classic';
  const texts = Object.fromEntries(
    presentationFiles.map((name) => [
      name,
      name === file ? content : readOrNull(path.join(fixtures, generation, name)),
    ]),
  ) as PresentationTexts;
  const presentation = readPresentation(texts);
  const job = planJob(
    presentation,
    {
      webcam: null,
      share: null,
      audio: null,
      fps: 10,
      longestMs: 60_000,
      generation: presentation.generation,
      shortfalls: [],
    },
    presentation.visits.map(() => content.slice(0, 100)),
    { ...testOptions, size: { width: 640, height: 360 }, preset: 'fast' },
  );
  if (job === null) return null;
  const page = scenePage(
    { presentation, layout: job.layout, chat: presentation.chat, anonymous: false },
    'nonce',
  );
  if (/<script>|<[^>]+\son\w+=|javascript:/i.test(page.replace(/<script nonce[\s\S]*<\/script>/, '')))
    throw new Error('a script reached the page');
  const drawings = presentation.visits.slice(0, 20).flatMap((visit, i) => {
    const used = new Set(visit.drawings.slice(0, 200).map((_, index) => index));
    return visitScene(presentation, i, used, true)?.drawings ?? [];
  });
  for (const markup of drawings) {
    if (/<script|javascript:|<[^>]+\son\w+\s*=/i.test(markup)) throw new Error('a script reached a drawing');
    if (/(?:href|src)="(?:[a-z][a-z0-9+.-]*:|\/|[^"]*\.\.\/)/i.test(markup))
      throw new Error('a drawing fetches elsewhere');
    parseXml(markup);
  }
  return [page.length, drawings.length, metadataText({ title: presentation.title }, job.chapters)];
}

const kept = new Map<string, string | null>();
function readOrNull(file: string): string | null {
  const known = kept.get(file);
  if (known !== undefined) return known;
  let text: string | null = null;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // An absent file is an empty one.
  }
  kept.set(file, text);
  return text;
}
