import { asText } from '../kit/adapters/sql/as-text.js';
import type { Query } from '../kit/adapters/sql/database.js';
import type { MoodleCategory } from '../migrate/moodle-port.js';
import { asNumber, chunksOf, rowsOf, table, type MoodleSite } from './site.js';
import { append } from '../kit/groups.js';

interface CategoryRow {
  readonly id: number;
  readonly name: string;
  readonly idnumber: string;
  readonly parent: number;
}

/**
 * Course categories with that id, idnumber or name (in any case), with the courses of their whole subtree, hidden ones
 * too (Moodle's course_categories and course of 2.4 to 5.1). `parent` leads down: `path` may lag behind a move.
 */
export async function findCategories(
  query: Query,
  site: MoodleSite,
  wanted: string,
): Promise<MoodleCategory[]> {
  const rows = await rowsOf(
    query(table(site, 'course_categories')).select('id', 'name', 'idnumber', 'parent').orderBy('id'),
  );
  const categories = rows.map((row): CategoryRow => ({
    id: asNumber(row['id']),
    name: asText(row['name']),
    idnumber: asText(row['idnumber']),
    parent: asNumber(row['parent']),
  }));
  const found: MoodleCategory[] = [];
  for (const one of matching(categories, wanted.trim()))
    found.push({
      id: one.id,
      path: pathOf(categories, one),
      courseIds: await coursesBelow(query, site, subtreeOf(categories, one.id)),
    });
  return found;
}

/** An id or an idnumber is exact; only where there is none, names count. */
function matching(categories: readonly CategoryRow[], wanted: string): CategoryRow[] {
  const exact = categories.filter(({ id, idnumber }) => String(id) === wanted || idnumber === wanted);
  const word = wanted.toLowerCase();
  return exact.length > 0 ? exact : categories.filter(({ name }) => name.trim().toLowerCase() === word);
}

function subtreeOf(categories: readonly CategoryRow[], root: number): number[] {
  const below = new Map<number, number[]>();
  for (const { id, parent } of categories) append(below, parent, id);
  const found = new Set([root]);
  for (const id of found) for (const child of below.get(id) ?? []) found.add(child);
  return [...found];
}

/** `Sciences / Licence / L1`. */
function pathOf(categories: readonly CategoryRow[], from: CategoryRow): string {
  const byId = new Map(categories.map((one) => [one.id, one]));
  const names: string[] = [];
  const seen = new Set<number>();
  for (
    let one: CategoryRow | undefined = from;
    one !== undefined && !seen.has(one.id);
    one = byId.get(one.parent)
  ) {
    seen.add(one.id);
    names.unshift(one.name);
  }
  return names.join(' / ');
}

async function coursesBelow(
  query: Query,
  site: MoodleSite,
  categoryIds: readonly number[],
): Promise<number[]> {
  const ids: number[] = [];
  for (const chunk of chunksOf(categoryIds)) {
    const rows = await rowsOf(query(table(site, 'course')).select('id').whereIn('category', chunk));
    ids.push(...rows.map((row) => asNumber(row['id'])));
  }
  return ids;
}
