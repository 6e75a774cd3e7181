import type { TestPod } from '../pod.js';

/** What people see: without surrogate ids, slugs made of them, random values and instants of writing. */
export async function visible(pod: TestPod): Promise<unknown> {
  const users = new Map(
    (await pod.rows('auth_user')).map((row) => [Number(row['id']), String(row['username'])]),
  );
  const owners = new Map(
    (await pod.rows('authentication_owner')).map((row) => [
      Number(row['id']),
      users.get(Number(row['user_id'])),
    ]),
  );
  const by = (names: Map<number, string | undefined>, id: unknown): string => names.get(Number(id)) ?? '?';
  return {
    users: [...users.values()].sort(),
    owners: [...owners.values()].sort(),
    sites: (await pod.rows('authentication_owner_sites'))
      .map((row) => `${by(owners, row['owner_id'])} ${String(row['site_id'])}`)
      .sort(),
    playlists: (await pod.rows('playlist_playlist'))
      .map((row) => `${by(users, row['owner_id'])} ${String(row['name'])}`)
      .sort(),
    folders: (await pod.rows('podfile_userfolder'))
      .map((row) => `${by(users, row['owner_id'])} ${String(row['name'])}`)
      .sort(),
    recordings: (await pod.rows('import_video_externalrecording'))
      .map((row) => `${by(users, row['owner_id'])} ${String(row['source_url'])} ${String(row['start_at'])}`)
      .sort(),
  };
}

/** Removes every row that was not there before: as a dump of `pod.dump()` has them. Faster than undo, and blind to it. */
export async function restorePod(pod: TestPod, before: Record<string, string[]>): Promise<void> {
  const tables = Object.entries(before).reverse();
  // Rows that others point at go with a later pass.
  for (let pass = 0; pass < 3; pass++)
    for (const [table, rows] of tables) {
      const ids = rows.map((row) => (JSON.parse(row) as { id?: number }).id ?? 0);
      await pod
        .admin(table)
        .whereNotIn('id', ids.length === 0 ? [0] : ids)
        .delete()
        .catch(() => undefined);
    }
}
