import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Constants, Literal } from '../kit/config/init/literal.js';
import type { InspectDirectory, ResolvePath } from './ports.js';

const SUBJECT = 'pod.plug';

interface PlugOptions {
  readonly fileOwner: string | null;
  /** `[recorder] output`, or null. */
  readonly output: string | null;
  /** Our export.js. */
  readonly script: string;
  readonly inspect: InspectDirectory;
  readonly resolvePath: ResolvePath;
  readonly signal: AbortSignal;
}

/**
 * What Pod runs to import a presentation (pod/import_video/views.py 3.5.1 to 4.1.0, bbb_encode_presentation): `cd PLUGIN;
 * node export.js URL NAME > PATH/logs/NAME.log`, and then moves PATH/NAME. Without the directory of logs the shell runs
 * nothing, and Pod says nothing. Workers may be another machine: nothing here is more than a warning.
 */
export async function plugResults(constants: Constants, options: PlugOptions): Promise<CheckResult[]> {
  const setting = (key: string, absent: Literal): Literal => constants.get(key) ?? absent;
  const plugin = setting('IMPORT_VIDEO_BBB_RECORDER_PLUGIN', '/data/bbb-recorder/');
  const media = setting('IMPORT_VIDEO_BBB_RECORDER_PATH', '/data/bbb-recorder/media/');
  if (constants.get('USE_IMPORT_VIDEO_BBB_RECORDER') !== true) return [];
  if (typeof plugin !== 'string' || typeof media !== 'string') return [];
  const { fileOwner, output, script, inspect, resolvePath, signal } = options;
  const results: CheckResult[] = [];
  const owner = fileOwner ?? 'pod:www-data';
  const add = (...[code, parameters]: Parameters<typeof say>): void =>
    void results.push(say(code, parameters));
  const folder = withSlash(plugin);
  if ((await resolvePath(`${folder}export.js`)) === null)
    add('doctor-plug-missing', { path: folder, owner, script });
  const directories = [
    ['IMPORT_VIDEO_BBB_RECORDER_PATH', withSlash(media)],
    ['IMPORT_VIDEO_BBB_RECORDER_PATH', `${withSlash(media)}logs/`],
  ] as const;
  for (const [key, path] of directories) {
    const facts = await inspect(path, { tryWrite: false, signal });
    const user = owner.split(':')[0] ?? '';
    if (!facts.exists || !facts.isDirectory) add('doctor-plug-directory-missing', { key, path, owner });
    else if (
      fileOwner !== null &&
      facts.owner !== user &&
      (facts.mode & 0o002) === 0 &&
      !isOfGroup(facts, fileOwner)
    )
      add('doctor-plug-owner', { path, found: facts.owner, user, owner });
  }
  if (output !== null && withSlash(output) !== withSlash(media))
    add('doctor-plug-output', { value: JSON.stringify(media), ours: JSON.stringify(output) });
  return results.length > 0 ? results : [say('doctor-plug', { path: folder, media })];
}

/** Its group may write, and is the one that `[pod] file_owner` names. */
const isOfGroup = ({ group, mode }: { group: string; mode: number }, fileOwner: string): boolean =>
  (mode & 0o020) !== 0 && fileOwner.split(':')[1] === group;

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

type PlugCode =
  | 'doctor-plug'
  | 'doctor-plug-missing'
  | 'doctor-plug-directory-missing'
  | 'doctor-plug-owner'
  | 'doctor-plug-output';

const say = (code: PlugCode, parameters: Record<string, string>): CheckResult =>
  checkResult(code, SUBJECT, parameters, { id: `${code}@${parameters['path'] ?? SUBJECT}` });
