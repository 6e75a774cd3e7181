import { pathOf, round, type Point } from './tldraw-values.js';

/** Outline of a geometric shape of tldraw 2 in a box; unknown ones are rectangles. */
export function geoOutline(kind: string, w: number, h: number): string {
  const corners = POLYGONS[kind];
  if (corners !== undefined)
    return pathOf(
      corners.map(([x, y]): Point => [x * w, y * h]),
      true,
    );
  switch (kind) {
    case 'ellipse':
      return ellipse(w, h);
    case 'oval':
      return oval(w, h);
    case 'star':
      return star(w, h);
    case 'cloud':
      return cloud(w, h);
    case 'heart':
      return `M${round(w / 2)} ${round(h)}C${[-w * 0.2, h * 0.5, w * 0.1, -h * 0.15, w / 2, h * 0.25].map(round).join(' ')}C${[w * 0.9, -h * 0.15, w * 1.2, h * 0.5, w / 2, h].map(round).join(' ')}Z`;
    case 'x-box':
      return `${rectangle(w, h)}M0 0L${round(w)} ${round(h)}M${round(w)} 0L0 ${round(h)}`;
    case 'check-box':
      return `${rectangle(w, h)}${pathOf([
        [w * 0.25, h * 0.52],
        [w * 0.45, h * 0.72],
        [w * 0.78, h * 0.28],
      ])}`;
    default:
      return kind.startsWith('arrow-') ? thickArrow(kind, w, h) : rectangle(w, h);
  }
}

const POLYGONS: Readonly<Record<string, readonly Point[]>> = {
  triangle: [
    [0.5, 0],
    [1, 1],
    [0, 1],
  ],
  diamond: [
    [0.5, 0],
    [1, 0.5],
    [0.5, 1],
    [0, 0.5],
  ],
  pentagon: regular(5),
  hexagon: [
    [0.25, 0],
    [0.75, 0],
    [1, 0.5],
    [0.75, 1],
    [0.25, 1],
    [0, 0.5],
  ],
  octagon: [
    [0.293, 0],
    [0.707, 0],
    [1, 0.293],
    [1, 0.707],
    [0.707, 1],
    [0.293, 1],
    [0, 0.707],
    [0, 0.293],
  ],
  rhombus: [
    [0.25, 0],
    [1, 0],
    [0.75, 1],
    [0, 1],
  ],
  'rhombus-2': [
    [0, 0],
    [0.75, 0],
    [1, 1],
    [0.25, 1],
  ],
  trapezoid: [
    [0.25, 0],
    [0.75, 0],
    [1, 1],
    [0, 1],
  ],
};

/** Corners on a circle, the first at the top, stretched to fill the box. */
function regular(count: number): Point[] {
  const points = Array.from({ length: count }, (_, i): Point => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / count;
    return [Math.cos(angle), Math.sin(angle)];
  });
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return points.map(([x, y]) => [(x - left) / (Math.max(...xs) - left), (y - top) / (Math.max(...ys) - top)]);
}

/** Corners are slightly rounded, as the hand-drawn style has them. */
function rectangle(w: number, h: number): string {
  const r = Math.min(6, w / 4, h / 4);
  const [straightW, straightH, radius] = [round(w - 2 * r), round(h - 2 * r), round(r)];
  return `M${radius} 0h${straightW}q${radius} 0 ${radius} ${radius}v${straightH}q0 ${radius} ${-radius} ${radius}h${-straightW}q${-radius} 0 ${-radius} ${-radius}v${-straightH}q0 ${-radius} ${radius} ${-radius}Z`;
}

const ellipse = (w: number, h: number): string =>
  `M0 ${round(h / 2)}a${round(w / 2)} ${round(h / 2)} 0 1 1 ${round(w)} 0a${round(w / 2)} ${round(h / 2)} 0 1 1 ${round(-w)} 0Z`;

function oval(w: number, h: number): string {
  const r = Math.min(w, h) / 2;
  return `M${round(r)} 0H${round(w - r)}${w > h ? `A${round(r)} ${round(r)} 0 0 1 ${round(w - r)} ${round(h)}` : `A${round(r)} ${round(r)} 0 0 1 ${round(w)} ${round(r)}V${round(h - r)}A${round(r)} ${round(r)} 0 0 1 0 ${round(h - r)}V${round(r)}`}${w > h ? `H${round(r)}` : ''}A${round(r)} ${round(r)} 0 0 1 ${round(r)} 0Z`;
}

function star(w: number, h: number): string {
  const points = Array.from({ length: 10 }, (_, i): Point => {
    const angle = -Math.PI / 2 + (Math.PI * i) / 5;
    const reach = i % 2 === 0 ? 0.5 : 0.25;
    return [w * (0.5 + reach * Math.cos(angle)), h * (0.5 + reach * Math.sin(angle))];
  });
  return pathOf(points, true);
}

/** Bumps along an ellipse. */
function cloud(w: number, h: number): string {
  const bumps = Math.max(8, Math.min(20, Math.round((w + h) / 60)));
  const at = (i: number): Point => {
    const angle = (2 * Math.PI * i) / bumps;
    return [w * (0.5 + 0.45 * Math.cos(angle)), h * (0.5 + 0.45 * Math.sin(angle))];
  };
  const radius = round((Math.PI * (w + h) * 0.45) / 2 / bumps / 1.6);
  const arcs = Array.from(
    { length: bumps },
    (_, i) =>
      `A${radius} ${radius} 0 0 1 ${at(i + 1)
        .map(round)
        .join(' ')}`,
  );
  return `M${at(0).map(round).join(' ')}${arcs.join('')}Z`;
}

function thickArrow(kind: string, w: number, h: number): string {
  const right: Point[] = [
    [0, 0.3],
    [0.6, 0.3],
    [0.6, 0],
    [1, 0.5],
    [0.6, 1],
    [0.6, 0.7],
    [0, 0.7],
  ];
  const turned = right.map(([x, y]): Point => {
    if (kind === 'arrow-left') return [(1 - x) * w, y * h];
    if (kind === 'arrow-up') return [y * w, (1 - x) * h];
    if (kind === 'arrow-down') return [y * w, x * h];
    return [x * w, y * h];
  });
  return pathOf(turned, true);
}
