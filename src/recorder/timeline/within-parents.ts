import { isRecord } from '../../kit/record.js';
import type { Drawing, TldrawShape } from './presentation.js';

const DEEPEST = 8;

/**
 * tldraw 2 counts the place of what lies in a frame or group from that frame or group, and an arrow ends at the shapes that it
 * holds on to; those may move later without any news of it: each drawing learns its parents and what it is bound to, and is
 * repeated where one of them changes. Whiteboards before that (and the player up to 5.1.3, which forgets parents) count from
 * the page.
 */
export function withinParents(drawings: readonly Drawing[]): Drawing[] {
  const shapes = new Map<string, TldrawShape>();
  const dependents = new Map<string, Drawing>();
  const placed = (one: Drawing, atMs: number): Drawing => {
    if (one.content.kind !== 'tldraw') return one;
    const { shape } = one.content;
    const bound = boundOf(shape, shapes);
    const content = { ...one.content, within: parentsOf(shape, shapes) };
    return { ...one, atMs, content: bound === null ? content : { ...content, bound } };
  };
  return drawings.flatMap((drawing) => {
    if (drawing.content.kind !== 'tldraw') return [drawing];
    const { shape } = drawing.content;
    shapes.set(drawing.key, shape);
    if (parentId(shape) !== null || boundIds(shape).length > 0) dependents.set(drawing.key, drawing);
    else dependents.delete(drawing.key);
    const moved = [...dependents.values()].filter(
      ({ key, content }) =>
        key !== drawing.key && content.kind === 'tldraw' && leansOn(content.shape, drawing.key, shapes),
    );
    return [placed(drawing, drawing.atMs), ...moved.map((one) => placed(one, drawing.atMs))];
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

/** What an arrow says that its ends hold on to (tlschema's TLArrowShapeTerminal: `binding` with a boundShapeId). */
function boundIds({ type, props }: TldrawShape): readonly (readonly ['start' | 'end', string])[] {
  if (type !== 'arrow' || !isRecord(props)) return [];
  return (['start', 'end'] as const).flatMap((name) => {
    const end = props[name];
    return isRecord(end) && end['type'] === 'binding' && typeof end['boundShapeId'] === 'string'
      ? [[name, end['boundShapeId']] as const]
      : [];
  });
}

function boundOf(
  shape: TldrawShape,
  shapes: ReadonlyMap<string, TldrawShape>,
): Partial<Record<'start' | 'end', { shape: TldrawShape; within: TldrawShape[] }>> | null {
  const found = boundIds(shape).flatMap(([name, id]) => {
    const target = shapes.get(id);
    return target === undefined
      ? []
      : [[name, { shape: target, within: parentsOf(target, shapes) }] as const];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}

/** Whether the place of a shape follows from another one. */
function leansOn(shape: TldrawShape, key: string, shapes: ReadonlyMap<string, TldrawShape>): boolean {
  const other = shapes.get(key);
  return (
    parentsOf(shape, shapes).some((parent) => parent === other) ||
    boundIds(shape).some(([, id]) => {
      const target = shapes.get(id);
      return (
        target !== undefined &&
        (target === other || parentsOf(target, shapes).some((parent) => parent === other))
      );
    })
  );
}
