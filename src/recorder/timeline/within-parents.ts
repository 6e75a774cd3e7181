import type { Drawing, TldrawShape } from './presentation.js';

const DEEPEST = 8;

/**
 * tldraw 2 counts the place of what lies in a frame or group from that frame or group, which may move later without
 * any news of its children: each child learns its parents, and is repeated where one of them changes. Whiteboards
 * before that (and the player up to 5.1.3, which forgets parents) count from the page.
 */
export function withinParents(drawings: readonly Drawing[]): Drawing[] {
  const shapes = new Map<string, TldrawShape>();
  const children = new Map<string, Drawing>();
  return drawings.flatMap((drawing) => {
    if (drawing.content.kind !== 'tldraw') return [drawing];
    const { shape } = drawing.content;
    shapes.set(drawing.key, shape);
    const placed = (one: Drawing, atMs: number): Drawing =>
      one.content.kind === 'tldraw'
        ? { ...one, atMs, content: { ...one.content, within: parentsOf(one.content.shape, shapes) } }
        : one;
    const moved = [...children.values()].filter(
      (child) => child.key !== drawing.key && isWithin(child, drawing.key, shapes),
    );
    if (parentId(shape) !== null) children.set(drawing.key, drawing);
    else children.delete(drawing.key);
    return [placed(drawing, drawing.atMs), ...moved.map((child) => placed(child, drawing.atMs))];
  });
}

function parentId({ parentId: id }: TldrawShape): string | null {
  return typeof id === 'string' && id.startsWith('shape:') ? id : null;
}

/** Outermost first; a parent that is not in the recording places nothing. */
function parentsOf(shape: TldrawShape, shapes: ReadonlyMap<string, TldrawShape>): TldrawShape[] {
  const parents: TldrawShape[] = [];
  for (let at = parentId(shape); at !== null && parents.length < DEEPEST;) {
    const parent = shapes.get(at);
    if (parent === undefined) break;
    parents.unshift(parent);
    at = parentId(parent);
  }
  return parents;
}

function isWithin({ content }: Drawing, key: string, shapes: ReadonlyMap<string, TldrawShape>): boolean {
  return content.kind === 'tldraw' && parentsOf(content.shape, shapes).includes(shapes.get(key) ?? {});
}
