/**
 * Variables of a .env file as python-dotenv and systemd's EnvironmentFile read them: `NAME=value`, quotes around, `export`
 * before, comments after a blank. The last assignment wins.
 */
export function readEnvironment(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name, given = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const rest = given.trimStart();
    const quoted = /^(["'])(.*?)\1/.exec(rest);
    found[name] = quoted?.[2] ?? rest.replace(/(?<!\s)\s+#.*$/s, '').trim();
  }
  return found;
}

/** The line, counted from 1, of the assignment that wins; 0 where there is none. */
export const lineOfVariable = (text: string, name: string): number =>
  text.split('\n').findLastIndex((line) => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(line)) + 1;

/**
 * `MANAGER_HOST`: the name that the manager builds its own address with, which runners report to; every address of the
 * machine when it is not given (manager/app/core/config.py, 1.7.1 and after).
 */
export const managerHost = (values: Readonly<Record<string, string>>): string =>
  (values['MANAGER_HOST'] ?? '').trim() || '0.0.0.0';

/** `ENVIRONMENT` of a manager, which reads it whatever its letters' case (manager/app/core/config.py). */
export const managerMode = (values: Readonly<Record<string, string>>): string =>
  (values['ENVIRONMENT'] ?? 'development').trim().toLowerCase();
