import type { CourseSet } from '../../bbb/filters.js';
import { normaliseHost } from '../../bbb/origin-server.js';
import type { MoodleCategory } from '../../migrate/moodle-port.js';
import { texts } from '../../moodle-site/texts.js';
import type { Context } from '../kit/context.js';
import { isDefaultAgain, moodleAliases, moodlesOf } from '../sites/moodle-sites.js';

interface Found extends MoodleCategory {
  readonly section: string;
}

/**
 * Courses of Moodle's categories that `--category` names: by id, idnumber or name, with all below; `SECTION:…` where
 * several Moodles have one of that name. Every configured Moodle is asked.
 * @throws OperatorError moodle-category-unknown, moodle-category-ambiguous, config-key-missing
 */
export async function courseSetsOf(context: Context, wanted: readonly string[]): Promise<CourseSet[]> {
  const opened = await moodlesOf(context);
  const moodles = new Map([...opened].filter(([section]) => !isDefaultAgain(context, section)));
  const courses = new Map<string, Set<string>>();
  for (const word of wanted) {
    const named = [...moodles.keys()].find((section) => word.startsWith(`${section}:`));
    const found: Found[] = [];
    for (const [section, moodle] of moodles) {
      if (named !== undefined && section !== named) continue;
      const name = named === undefined ? word : word.slice(named.length + 1);
      found.push(...(await moodle.findCategories(name)).map((one) => ({ ...one, section })));
    }
    const [only] = found;
    if (only === undefined)
      throw texts.moodleCategoryUnknown({ category: word, sections: [...moodles.keys()].join(', ') });
    if (found.length > 1)
      throw texts.moodleCategoryAmbiguous({
        category: word,
        found: found.map(({ section, id, path }) => `${section}:${id} (${path})`).join('; '),
        first: `${only.section}:${only.id}`,
      });
    const known = courses.get(only.section) ?? new Set();
    for (const id of only.courseIds) known.add(String(id));
    courses.set(only.section, known);
  }
  return [...courses].map(([section, ids]) => ({ courseIds: [...ids], ...serversOf(context, section) }));
}

/** Which origin servers a Moodle's recordings name: the same as decides whose owners are asked of it. */
function serversOf(context: Context, section: string): Pick<CourseSet, 'originServers' | 'isOfThem'> {
  const { configuration } = context;
  const aliases = moodleAliases(context);
  const sections = Object.keys(configuration.moodle);
  const hosts = (names: readonly string[]): string[] =>
    names.flatMap((name) => [name, ...(aliases[name] ?? [])]).map(normaliseHost);
  if (section === 'default')
    return {
      originServers: [
        ...hosts(sections.filter((name) => name !== section && !isDefaultAgain(context, name))),
        ...configuration.migrate.ignored_servers.map(normaliseHost),
      ],
      isOfThem: false,
    };
  return { originServers: [...hosts([section]), ...(sections.length === 1 ? [''] : [])], isOfThem: true };
}
