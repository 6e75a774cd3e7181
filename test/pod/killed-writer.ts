/* A process of its own, to be killed with SIGKILL in the middle of a chunk. Arguments: database URL, where to stop. */
import { openPodDatabase } from '../../src/pod/database/open-pod-database.js';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { ImportWrite } from '../../src/migrate/pod-port.js';

const [url = '', how = 'write', serialized = '[]'] = process.argv.slice(2);
const adapter = openDatabase(databaseSettings('[pod]', { database: new Secret(url) }));
const pod = openPodDatabase(adapter, { siteId: 1 });
await pod.describe();
if (how === 'hang') {
  // SQLite answers synchronously, so the middle of its chunk is an open transaction that has written.
  await adapter.write(async (query) => {
    // A cache of two pages spills at once: the file itself is half written, and its journal is hot.
    await query.raw('PRAGMA cache_size = 2');
    await query('auth_user').where({ id: 2 }).update({ email: 'half@univ.fr' });
    const row = { start_at: '2024-01-01', type: 'bigbluebutton', source_url: 'u', site_id: 1, owner_id: 2 };
    for (let i = 0; i < 300; i++)
      await query('import_video_externalrecording').insert({ ...row, name: 'n'.repeat(250) });
    process.stdout.write('writing\n');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
} else {
  process.stdout.write('writing\n');
  await pod.writeImports(JSON.parse(serialized) as ImportWrite[], 0);
  process.stdout.write('written\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
