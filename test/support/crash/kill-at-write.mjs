// Loaded before the command (`node --import`): counts what it writes to SQLite (its journal, a Pod of that kind) and to
// PostgreSQL, before and after each statement, and kills the process at the count of KILL_AT_WRITE.
import Libsql from 'libsql';
import pg from 'pg';

const step = Number(process.env.KILL_AT_WRITE ?? 0);
let count = 0;
const tick = () => {
  if (++count === step) process.kill(process.pid, 'SIGKILL');
};
const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|COMMIT)\b/i;

const { prepare, exec } = Libsql.prototype;
Libsql.prototype.exec = function counted(sql) {
  if (!WRITES.test(sql)) return exec.call(this, sql);
  tick();
  const result = exec.call(this, sql);
  tick();
  return result;
};
Libsql.prototype.prepare = function counted(sql) {
  const statement = prepare.call(this, sql);
  if (!WRITES.test(sql)) return statement;
  for (const name of ['run', 'all', 'get']) {
    const own = statement[name].bind(statement);
    statement[name] = (...values) => {
      tick();
      const result = own(...values);
      tick();
      return result;
    };
  }
  return statement;
};
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function counted(config, ...rest) {
  const sql = typeof config === 'string' ? config : (config?.text ?? '');
  if (WRITES.test(sql)) tick();
  return query.call(this, config, ...rest);
};
