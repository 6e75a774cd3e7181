import type { Context } from '../kit/context.js';

/** The sites that sections of Moodle and BBB name, with the key that names them. */
export const otherSitesOf = ({ configuration: { moodle, bbb } }: Context): ReadonlyMap<string, number> =>
  new Map(
    Object.entries({ moodle, bbb }).flatMap(([kind, sections]) =>
      Object.entries(sections).flatMap(([name, { site_id: id }]): [string, number][] =>
        id === undefined ? [] : [[`[${kind}${name === 'default' ? '' : `.${name}`}] site_id`, id]],
      ),
    ),
  );
