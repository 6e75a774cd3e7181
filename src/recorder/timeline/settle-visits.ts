import type { Panzoom, Visit } from './presentation.js';

const SHARE_PICTURE = /(?:^|\/)deskshare(?:\/slide-1)?\.png$/;
export const isSharePicture = ({ href }: Visit): boolean => SHARE_PICTURE.test(href ?? '');

/**
 * Visits as the player shows them: each lasts until the next one with a picture, whatever its `out` says. The empty
 * picture that BBB writes while the screen is shared is no slide: where its share is not shown, the slide before stays.
 * @param visits sorted by their start
 */
export function settleVisits(visits: readonly Visit[]): Visit[] {
  const slides = visits.filter((visit) => visit.href !== null && !isSharePicture(visit));
  return slides.map((visit, i) => ({ ...visit, toMs: slides[i + 1]?.fromMs ?? Number.MAX_SAFE_INTEGER }));
}

/** Without the views of the shared screen's empty picture: they would zoom the slide that stays. */
export function withoutShareViews(panzooms: readonly Panzoom[], visits: readonly Visit[]): Panzoom[] {
  const shared = visits.filter(isSharePicture);
  return panzooms.filter(
    ({ atMs, x, y, width, height }) =>
      x !== 0 ||
      y !== 0 ||
      !shared.some(
        (visit) =>
          visit.fromMs <= atMs && atMs < visit.toMs && visit.width === width && visit.height === height,
      ),
  );
}
