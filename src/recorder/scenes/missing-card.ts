import type { Presentation } from '../timeline/presentation.js';
import { escapeXml } from '../timeline/xml-tree.js';

/**
 * What is shown where a slide is missing: a plain card that says which. Its size is the slide's own, so that drawings and
 * zooms lie as they would. A picture upon a slide, of a poll or pasted, has no number. @param language of the recording, `fr…` for French; English otherwise
 */
export function missingCard({ visits }: Presentation, path: string, language: string | null): string {
  const index = visits.findIndex(({ href }) => href === path);
  const { width = 1600, height = 900 } = visits[index] ?? {};
  const number = /(\d+)\.\w+$/.exec(path)?.[1] ?? String(index + 1);
  const [slide, picture] =
    language?.startsWith('fr') === true
      ? [`La diapositive ${number} manque`, 'Une image manque']
      : [`Slide ${number} is missing`, 'A picture is missing'];
  const text = index === -1 ? picture : slide;
  const size = Math.round(Math.min(width / 16, height / 9));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="#eceff1"/>` +
    `<text x="${width / 2}" y="${height / 2}" font-family="Arial, 'Liberation Sans', sans-serif" font-size="${size}" ` +
    `fill="#455a64" text-anchor="middle" dominant-baseline="middle">${escapeXml(text)}</text></svg>`
  );
}
