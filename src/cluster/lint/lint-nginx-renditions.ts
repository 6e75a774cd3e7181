import { escapeRegExp } from '../../kit/escape-reg-exp.js';
import { lintFinding, type LintFile, type LintResult } from './lint-file.js';
import { find, inForce, type Application, type Directive } from './read-nginx.js';

const OUR = { system: 'streaming' as const, node: 'nginx' };
const EXEC = ['exec', 'exec_push', 'exec_publish', 'exec_static', 'exec_pull'];

/** What an application makes of its streams: playlists, their variants, the encoder behind them. */
export function lintRenditions(
  file: LintFile,
  application: Application,
  all: readonly Application[],
): LintResult[] {
  if (inForce(application, 'live')[0]?.words[1] !== 'on') return [];
  return [...lintHls(file, application, all), ...lintTranscoder(file, application)];
}

const seconds = (text: string | null): number | null => {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '');
  if (found === null) return null;
  return Number(found[1]) * { ms: 0.001, s: 1, m: 60 }[(found[2] as 'ms' | 's' | 'm' | undefined) ?? 's'];
};

const execsOf = ({ inside, above }: Application): Directive[] => [
  ...EXEC.flatMap((name) => find(inside, name)),
  ...above.filter(({ words }) => EXEC.includes(words[0] ?? '')),
];

/** ffmpeg with its outputs written out here; anything else is a script whose outputs nobody sees. */
const isScript = ({ words }: Directive): boolean =>
  !/(ffmpeg|avconv)(\s|$)/.test(words.join(' ')) || !/rtmp:\/\//.test(words.join(' '));

function lintHls(file: LintFile, application: Application, all: readonly Application[]): LintResult[] {
  const { name } = application;
  const value = (directive: string): string | null => inForce(application, directive)[0]?.words[1] ?? null;
  if (value('hls') !== 'on') return [];
  const results: LintResult[] = [];
  const fragment = seconds(value('hls_fragment')) ?? 5;
  const length = seconds(value('hls_playlist_length')) ?? 30;
  if (length < fragment * 3)
    results.push(
      lintFinding('S10-window', {
        ...OUR,
        file,
        line: inForce(application, 'hls_playlist_length')[0]?.line ?? 0,
        parameters: { key: name, length, wanted: fragment * 3 },
      }),
    );
  const [cleanup] = inForce(application, 'hls_cleanup');
  // A program that is told of each end may take the files away.
  const told = ['exec_publish_done', 'on_publish_done', 'on_done', 'exec_record_done'].some(
    (directive) => inForce(application, directive).length > 0,
  );
  if (cleanup?.words[1] === 'off' && !told)
    results.push(lintFinding('S20-cleanup', { ...OUR, file, line: cleanup.line, parameters: { key: name } }));
  const execs = all.flatMap(execsOf);
  const scripted = execs.some(isScript) || all.some(({ inside }) => find(inside, 'include').length > 0);
  const pushed = execs.flatMap(({ words }) => words.join(' ').split(/[\s"']+/));
  // An application that no program of this file publishes to gets its streams from elsewhere.
  const filled = pushed.some((word) => new RegExp(`^rtmp://[^/]+/${escapeRegExp(name)}/`).test(word));
  for (const variant of inForce(application, 'hls_variant')) {
    const suffix = variant.words[1] ?? '';
    const at = { ...OUR, file, line: variant.line, parameters: { key: suffix, application: name } };
    const published = pushed.some((word) => word.replace(/[;?].*$/, '').endsWith(suffix));
    if (execs.length > 0 && !published)
      results.push(lintFinding(scripted || !filled ? 'S16-unjudged' : 'S16-variant', at));
    const said = variant.words.slice(2).join(' ');
    if (!/CODECS=/.test(said) || !/RESOLUTION=/.test(said)) results.push(lintFinding('S13-variant', at));
  }
  return results;
}

/** The exec line of the ladder: key frames that do not fall on the segments break switching. */
function lintTranscoder(file: LintFile, { name, inside }: Application): LintResult[] {
  return find(inside, 'exec').flatMap(({ words, line }) => {
    const command = words.join(' ');
    if (!/ffmpeg|avconv/.test(command)) return [];
    const at = { ...OUR, file, line, parameters: { key: name } };
    const results: LintResult[] = [];
    const copies = /-(?:c|c:v|codec:v|vcodec) copy/.test(command);
    const encodes = /libx264|h264_/.test(command);
    if (copies && encodes) results.push(lintFinding('S10-copied', at));
    if (/-crf /.test(command) && /-b:v /.test(command) && !/-maxrate /.test(command))
      results.push(lintFinding('S12-crf', at));
    if (encodes && !/-g(:v)? \d|force_key_frames|keyint=/.test(command))
      results.push(lintFinding('S10-key-frames', at));
    return results;
  });
}

const LOCAL_URL = /rtmp:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::(\d+))?\/([\w-]+)(?=[/?\s"']|$)/g;

/** `exec` and `push` to an application of this very server that does not exist. */
export function lintTargets(
  file: LintFile,
  root: readonly Directive[],
  applications: readonly Application[],
): LintResult[] {
  const includes =
    find(
      root.filter(({ words }) => words[0] === 'rtmp'),
      'include',
    ).length > 0;
  if (applications.length === 0 || includes || !root.some(({ words }) => words[0] === 'rtmp')) return [];
  const names = applications.map(({ name }) => name);
  const ports = new Set(applications.flatMap((application) => application.ports));
  return applications.flatMap((application) => {
    const told = new Set<string>();
    return [...execsOf(application), ...find(application.inside, 'push')].flatMap((directive) => {
      const text = directive.words
        .slice(1)
        .join(' ')
        .replaceAll(/-i\s+\S+/g, '');
      return [...text.matchAll(LOCAL_URL)].flatMap(([, port = '1935', target = '']) => {
        if (!ports.has(Number(port)) || names.includes(target) || told.has(target)) return [];
        told.add(target);
        return [
          lintFinding('S16-no-application', {
            ...OUR,
            file,
            line: directive.line,
            parameters: { key: target, applications: names.join(', ') },
          }),
        ];
      });
    });
  });
}
