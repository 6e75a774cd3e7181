import { reachOf } from '../pod/broker-checks.js';
import {
  lineOfVariable,
  managerHost,
  managerMode,
  readEnvironment,
} from '../esup-runner/read-environment.js';
import {
  isExample,
  lintFinding,
  lineOf,
  type LintFile,
  type LintResult,
  type LintTree,
} from './lint-file.js';
import type { HashSecret } from './lint-jitsi-secret.js';

/** The variables of one .env of esup-runner. */
interface Environment {
  readonly node: string;
  readonly role: 'manager' | 'runner';
  readonly file: LintFile;
  readonly values: Readonly<Record<string, string>>;
}

const MANAGER =
  /^[ \t]*(?:export\s+)?(?:AUTHORIZED_TOKENS__\w+|UVICORN_WORKERS|MANAGER_BIND_HOST|API_DOCS_VISIBILITY)\s*=/m;
const RUNNER = /^[ \t]*(?:export\s+)?RUNNER_(?:TASK_TYPES|BASE_PORT)\s*=/m;
/** GitLab's runners have a RUNNER_TOKEN, too, and no manager. */
const OF_A_MANAGER =
  /^[ \t]*(?:export\s+)?RUNNER_TOKEN\s*=[^]*^[ \t]*(?:export\s+)?MANAGER_URL\s*=|^[ \t]*(?:export\s+)?MANAGER_URL\s*=[^]*^[ \t]*(?:export\s+)?RUNNER_TOKEN\s*=/m;

/** `manager` or `runner` for a .env of esup-runner (its .env.example files, 1.x); null for any other text. */
export const runnerRoleOf = (text: string): 'manager' | 'runner' | null =>
  RUNNER.test(text) || OF_A_MANAGER.test(text) ? 'runner' : MANAGER.test(text) ? 'manager' : null;

/* Defaults of esup-runner 1.7: manager/docs/PARAMETERS.md and runner/app/core/config.py. */
const DEFAULT_WORKERS = 4;
const DEFAULT_PORT = '8081';
const DEFAULT_STORAGE = '/tmp/esup-runner';
const TYPES = ['encoding', 'studio', 'transcription'];

/** A value that the example files print, or none. */
const EMPTY = /^(|<.*>|x+|change[-_ ]?me.*|default[-_]?.*|your[-_ ].*|.*example.*)$/i;
const isPlaceholder = (value: string, file: LintFile): boolean => EMPTY.test(value) && !isExample(file);
/** `${NAME}`, `{{ … }}`: what is filled in at the start is not judged. */
const isComputed = (value: string): boolean => /\$\{|\{\{|\$\(/.test(value);

/** Judges the .env of esup-runner's manager and runners, alone and against each other. Tokens are compared by hash. */
export function lintEsupRunner(trees: readonly LintTree[], hash: HashSecret): LintResult[] {
  const all = trees.flatMap(({ node, files }) =>
    files.flatMap((file): Environment[] => {
      const role = runnerRoleOf(file.text);
      return role === null ? [] : [{ node, role, file, values: readEnvironment(file.text) }];
    }),
  );
  const managers = all.filter(({ role }) => role === 'manager');
  const runners = all.filter(({ role }) => role === 'runner');
  const [manager] = managers;
  return [
    ...all.flatMap(lintMode),
    ...managers.flatMap((one) => lintManager(one, runners)),
    ...runners.flatMap((one) => lintRunner(one, manager ?? null, hash)),
  ];
}

const OUR = { system: 'esup-runner' as const };
const at = ({ node, file }: Environment, key: string) => ({
  ...{ ...OUR, node, file },
  line: lineOfVariable(file.text, key),
});

function lintMode({ node, file }: Environment): LintResult[] {
  if (file.mode === null || (file.mode & 0o007) === 0 || isExample(file)) return [];
  const parameters = { mode: file.mode.toString(8) };
  return [lintFinding('R24-file-readable', { ...OUR, node, file, line: 0, parameters })];
}

function lintManager(own: Environment, runners: readonly Environment[]): LintResult[] {
  const { values, node, file } = own;
  const results: LintResult[] = [];
  const host = managerHost(values);
  const remote = runners.filter((one) => one.node !== node).map((one) => one.node);
  if (remote.length > 0 && isItself(host))
    results.push(
      lintFinding('R20-file-loopback', {
        ...at(own, 'MANAGER_HOST'),
        parameters: { key: 'MANAGER_HOST', value: host, runners: remote.join(', ') },
      }),
    );
  const mode = managerMode(values);
  const workers = Number(values['UVICORN_WORKERS'] ?? DEFAULT_WORKERS);
  if (mode !== 'production' && workers > 1 && !isComputed(mode)) {
    const place = at(own, 'ENVIRONMENT');
    results.push(
      lintFinding('R21-file-development', {
        ...place,
        parameters: { key: 'ENVIRONMENT', value: mode, workers },
        ...(place.line === 0 ? {} : { replacement: lineOf(file, place.line).replace(/=.*$/, '=production') }),
      }),
    );
  }
  results.push(...lintRootPath(own));
  for (const key of Object.keys(values).filter((name) => name.startsWith('AUTHORIZED_TOKENS__')))
    if (isPlaceholder(values[key] ?? '', file))
      results.push(lintFinding('R04-file-placeholder', { ...at(own, key), parameters: { key } }));
  return results;
}

const isItself = (host: string): boolean =>
  !isComputed(host) &&
  (host === '0.0.0.0' || host === '::' || host === 'localhost' || reachOf(host) === 'loopback');

/**
 * `MANAGER_ROOT_PATH` as the manager itself refuses it: it does not start (manager/app/core/config.py, after 1.7.1,
 * _validate_urls).
 */
function lintRootPath(own: Environment): LintResult[] {
  const value = rootPathOf(own);
  if (value === '' || isComputed(value)) return [];
  const isSound =
    /^(?:\/[^/\s?#\\]+)+$/.test(value) && !value.split('/').some((part) => /^\.\.?$/.test(part));
  return isSound
    ? []
    : [
        lintFinding('R01-file-root-path', {
          ...at(own, 'MANAGER_ROOT_PATH'),
          parameters: { key: 'MANAGER_ROOT_PATH', value },
        }),
      ];
}

const rootPathOf = ({ values }: Environment): string => (values['MANAGER_ROOT_PATH'] ?? '').trim();

/** Whether a runner's URL names the manager itself, past any proxy. */
const isDirect = ({ hostname, protocol }: URL, manager: Environment): boolean =>
  hostname === manager.values['MANAGER_HOST'] &&
  protocol === `${manager.values['MANAGER_PROTOCOL'] ?? 'http'}:`;

const managerUrl = (own: Environment): URL | null => {
  const url = own.values['MANAGER_URL'] ?? '';
  return isComputed(url) || !URL.canParse(url) ? null : new URL(url);
};

/**
 * The path of a runner's MANAGER_URL against MANAGER_ROOT_PATH. The manager itself answers below its prefix and without
 * it (Starlette takes `root_path` off); any other path is nobody's. A proxy may take one away that we do not see.
 */
function lintPath(own: Environment, manager: Environment | null): LintResult[] {
  const url = managerUrl(own);
  if (manager === null || url === null) return [];
  // One that the manager refuses is told there.
  const prefix = rootPathOf(manager).replace(/\/+$/, '');
  const path = url.pathname.replace(/\/+$/, '');
  if (path === prefix || isComputed(prefix)) return [];
  const direct = isDirect(url, manager) && url.port === (manager.values['MANAGER_PORT'] ?? DEFAULT_PORT);
  // One that is not there before is what a proxy adds; without any, only a prefix of the manager says that there is one.
  if (path === '' && (direct || prefix === '')) return [];
  return [
    lintFinding(direct ? 'R06-file-path' : 'R06-file-prefix', {
      ...at(own, 'MANAGER_URL'),
      parameters: {
        key: 'MANAGER_URL',
        value: path === '' ? '/' : path,
        wanted: prefix === '' ? '/' : prefix,
        url: `${url.origin}${prefix}`,
        manager: manager.file.path,
      },
    }),
  ];
}

/** A runner that names the manager itself, past any proxy, names its port. */
function lintPort(own: Environment, manager: Environment | null): LintResult[] {
  const url = managerUrl(own);
  if (manager === null || url === null) return [];
  const { port } = url;
  const wanted = manager.values['MANAGER_PORT'] ?? DEFAULT_PORT;
  if (!isDirect(url, manager) || port === '' || port === wanted || isComputed(wanted)) return [];
  return [
    lintFinding('R06-file-port', {
      ...at(own, 'MANAGER_URL'),
      parameters: { key: 'MANAGER_URL', value: port, wanted, manager: manager.file.path },
    }),
  ];
}

function lintRunner(own: Environment, manager: Environment | null, hash: HashSecret): LintResult[] {
  const { values, node, file } = own;
  const results: LintResult[] = [];
  const add = (
    code: Parameters<typeof lintFinding>[0],
    key: string,
    parameters: Record<string, string> = {},
  ): void => {
    results.push(lintFinding(code, { ...at(own, key), parameters: { key, ...parameters } }));
  };
  const token = values['RUNNER_TOKEN'] ?? '';
  const tokens = Object.entries(manager?.values ?? {}).filter(([name]) =>
    name.startsWith('AUTHORIZED_TOKENS__'),
  );
  if (isPlaceholder(token, file)) add('R04-file-placeholder', 'RUNNER_TOKEN');
  else if (
    manager !== null &&
    tokens.length > 0 &&
    ![token, ...tokens.map(([, value]) => value)].some(isComputed) &&
    !tokens.some(([, value]) => hash(value) === hash(token))
  )
    add('R04-file-token', 'RUNNER_TOKEN', { manager: manager.file.path });
  const url = values['MANAGER_URL'] ?? '';
  const apart = manager !== null && manager.node !== node;
  const managerName = manager?.node ?? '';
  if (apart && url !== '' && URL.canParse(url) && isItself(new URL(url).hostname))
    add('R06-file-manager', 'MANAGER_URL', { value: url, manager: managerName });
  results.push(...lintPort(own, manager), ...lintPath(own, manager));
  const remote = apart || (URL.canParse(url) && !isComputed(url) && !isItself(new URL(url).hostname));
  const host = values['RUNNER_HOST'] ?? 'localhost';
  if (remote && isItself(host))
    add('R12-file-loopback', 'RUNNER_HOST', {
      value: host,
      manager: managerName || new URL(url).hostname,
    });
  const types = values['RUNNER_TASK_TYPES'] ?? '';
  // `[2x(encoding,studio),1x(transcription)]`: counts and brackets are not types.
  const unknown = isComputed(types)
    ? []
    : (types.match(/[A-Za-z_][\w-]*/g) ?? []).filter(
        (word) => !TYPES.includes(word.toLowerCase()) && word !== 'x',
      );
  if (unknown.length > 0) add('R14-file-type', 'RUNNER_TASK_TYPES', { value: unknown.join(', ') });
  const storage = values['STORAGE_DIR'] ?? DEFAULT_STORAGE;
  // Its older name is read, too.
  const shared = manager?.values['RUNNERS_STORAGE_DIR'] ?? manager?.values['RUNNERS_STORAGE_PATH'] ?? '';
  if (
    manager !== null &&
    /^(true|1|yes)$/i.test(manager.values['RUNNERS_STORAGE_ENABLED'] ?? '') &&
    shared !== '' &&
    ![shared, storage].some(isComputed) &&
    shared.replace(/\/$/, '') !== storage.replace(/\/$/, '')
  )
    add('R25-file-share', 'STORAGE_DIR', { value: storage, wanted: shared, manager: manager.file.path });
  if (/^\/(?:var\/)?tmp(?:\/|$)/.test(storage)) add('R25-file-tmp', 'STORAGE_DIR', { value: storage });
  return results;
}
