// Loaded before the command (`node --import`): counts what leaves for each kind of database, and writes the counts to
// the file of COUNT_QUERIES when the process ends, with its CPU time and its largest memory.
import { writeFileSync } from 'node:fs';
import Libsql from 'libsql';
import mysql from 'mysql2';
import pg from 'pg';

const counts = { postgresql: 0, mysql: 0, sqlite: 0 };

function count(kind, prototype, names) {
  for (const name of names) {
    const own = prototype[name];
    prototype[name] = function counted(...words) {
      counts[kind]++;
      return own.apply(this, words);
    };
  }
}
count('postgresql', pg.Client.prototype, ['query']);
count('mysql', mysql.Connection.prototype, ['query', 'execute']);
count('sqlite', Libsql.prototype, ['prepare', 'exec']);
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024 };
  writeFileSync(process.env.COUNT_QUERIES, JSON.stringify({ ...counts, ...used }));
});
