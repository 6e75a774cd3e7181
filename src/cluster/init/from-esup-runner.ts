import { localized } from '../../kit/output/localized.js';
import { readEnvironment } from '../esup-runner/read-environment.js';
import { reachOf } from '../pod/broker-checks.js';
import { nodeName, tomlString, type FoundSystem, type SourceFile } from './found-system.js';

/** The .env of a manager or of a runner; `node` is its machine's folder, null for a file given alone. */
export interface RunnerFile extends SourceFile {
  readonly node: string | null;
  readonly role: 'manager' | 'runner';
}

/* Defaults of esup-runner 1.7: manager/docs/PARAMETERS.md and runner/app/core/config.py. */
const MANAGER_PORT = 8081;
const BASE_PORT = 8082;
const TYPES = ['encoding', 'studio', 'transcription'];

type Values = Readonly<Record<string, string>>;

/** Turns the .env files of esup-runner's machines into its system. Tokens stay where they are. */
export function readRunnerMachines(files: readonly RunnerFile[]): FoundSystem {
  const read = files.map((file) => ({ ...file, values: readEnvironment(file.text) }));
  const manager = read.find(({ role }) => role === 'manager');
  const runners = read.filter(({ role }) => role === 'runner');
  const url = runners
    .map(({ values }) => values['MANAGER_URL'])
    .find((one) => one !== undefined && URL.canParse(one));
  const lines = [
    ...files.map(({ path }) => localized(`# From ${path}.`, `# De ${path}.`)),
    '[esup_runner]',
    ...storageLines(
      manager?.values,
      runners.map(({ values }) => values),
    ),
    `#runner_token_file = "/etc/bbb2pod/runner.token"   # ${localized('RUNNER_TOKEN of the runners', 'RUNNER_TOKEN des runners')}`,
    '',
    ...managerLines(manager?.values, url),
  ];
  const names = new Set<string>(['manager']);
  for (const { node, path, values } of runners) {
    const host = values['RUNNER_HOST'];
    const wanted = nodeName(node ?? (isElsewhere(host) ? host.split('.')[0] : undefined) ?? 'runner1');
    let name = wanted;
    for (let i = 2; names.has(name); i++) name = `${wanted}-${i}`;
    names.add(name);
    lines.push('', `[esup_runner.runners.${name}]`, ...runnerLines(values, node ?? name, path));
  }
  return {
    system: 'esup-runner',
    text: `${lines.join('\n')}\n`,
    remarks: remarksOn(manager !== undefined, runners.length),
  };
}

/** Whether a host is one that other machines can use. */
const isElsewhere = (host: string | undefined): host is string =>
  host !== undefined &&
  host !== '' &&
  host !== 'localhost' &&
  host !== '0.0.0.0' &&
  reachOf(host) !== 'loopback';

function storageLines(manager: Values | undefined, runners: readonly Values[]): string[] {
  const storage = runners.map((values) => values['STORAGE_DIR']).find((one) => one?.startsWith('/'));
  const shared = /^(?:true|1|yes|on)$/i.test(manager?.['RUNNERS_STORAGE_ENABLED'] ?? '');
  return [
    ...(storage === undefined ? [] : [`storage = ${tomlString(storage)}`]),
    ...(shared ? ['shared_storage = true'] : []),
  ];
}

function managerLines(values: Values | undefined, urlOfRunners: string | undefined): string[] {
  const url = urlOfRunners === undefined ? null : new URL(urlOfRunners);
  const told = isElsewhere(values?.['MANAGER_HOST']) ? values['MANAGER_HOST'] : null;
  const host = told ?? (url !== null && isElsewhere(url.hostname) ? url.hostname : null);
  const port = Number(
    values?.['MANAGER_PORT'] ?? (url === null || url.port === '' ? MANAGER_PORT : url.port),
  );
  const secure = values?.['MANAGER_PROTOCOL'] === 'https' || url?.protocol === 'https:';
  return [
    '[esup_runner.manager]',
    host === null
      ? `address = "127.0.0.1"   # ${localized('as Pod and the runners reach it', 'comme Pod et les runners le joignent')}`
      : `address = ${tomlString(host)}`,
    ...(port === MANAGER_PORT || !Number.isInteger(port) ? [] : [`port = ${port}`]),
    ...(secure && host !== null ? [`url = ${tomlString(`https://${host}:${port}`)}`] : []),
    `#token_file = "/etc/bbb2pod/manager.token"   # AUTHORIZED_TOKENS__pod`,
  ];
}

function runnerLines(values: Values, node: string, path: string): string[] {
  const { instances, types } = readTypes(values['RUNNER_TASK_TYPES'] ?? 'encoding,studio');
  const count = instances ?? Number(values['RUNNER_INSTANCES'] ?? 1);
  const port = Number(values['RUNNER_BASE_PORT'] ?? BASE_PORT);
  const host = values['RUNNER_HOST'];
  return [
    isElsewhere(host)
      ? `address = ${tomlString(host)}`
      : `address = ${tomlString(node)}   # ${localized(`RUNNER_HOST of ${path} is this machine alone`, `RUNNER_HOST de ${path} n'est que cette machine`)}`,
    ...(port === BASE_PORT || !Number.isInteger(port) ? [] : [`base_port = ${port}`]),
    ...(count > 1 ? [`instances = ${count}`] : []),
    ...(types.length === 0 ? [] : [`task_types = [${types.map(tomlString).join(', ')}]`]),
    ...(/^gpu$/i.test(values['ENCODING_TYPE'] ?? '') ? ['gpu = true'] : []),
  ];
}

/** `encoding,studio`, or `[2x(encoding,studio),1x(transcription)]`, which also says how many instances there are. */
function readTypes(text: string): { readonly instances: number | null; readonly types: readonly string[] } {
  const groups = [...text.matchAll(/(\d+)\s*x\s*\(/g)].map(([, count]) => Number(count));
  const types = TYPES.filter((type) => new RegExp(`\\b${type}\\b`).test(text));
  return { instances: groups.length === 0 ? null : groups.reduce((sum, count) => sum + count, 0), types };
}

const remarksOn = (hasManager: boolean, runners: number): string[] => [
  ...(hasManager
    ? []
    : [
        localized(
          "no .env of the manager among the files: its address is taken from the runners' MANAGER_URL",
          'pas de .env du manager parmi les fichiers : son adresse vient du MANAGER_URL des runners',
        ),
      ]),
  ...(runners === 0
    ? [
        localized(
          'no .env of a runner among the files: give that of each',
          'pas de .env de runner parmi les fichiers : donnez celui de chacun',
        ),
      ]
    : []),
  localized(
    'tokens were not copied: put them in files of mode 0600 and name them in token_file and runner_token_file',
    "les jetons n'ont pas été copiés : mettez-les dans des fichiers de mode 0600 nommés par token_file et runner_token_file",
  ),
];
