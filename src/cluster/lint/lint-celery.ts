import { lintFinding, type LintFile, type LintResult } from './lint-file.js';

const OUR = { system: 'encoding' as const, node: 'celery' };

/** Pod's Celery applications and the queue of each (Esup-Pod 4.1, video_encode_transcript and xapi). */
const QUEUES: Readonly<Record<string, string>> = {
  'pod.video_encode_transcript.encoding_tasks': 'encoding',
  'pod.video_encode_transcript.transcripting_tasks': 'transcripting',
  'pod.xapi.xapi_tasks': 'xapi',
};

/** A systemd unit, a default file or a Compose command that starts a worker of Pod. */
export function isCelery(text: string): boolean {
  const said = text.replaceAll(/^[ \t]*[#;].*$/gm, '');
  return /\bcelery\b/i.test(said) && Object.keys(QUEUES).some((name) => said.includes(name));
}

/** Judges the commands that start Pod's workers: their queue and the name of their node. */
export function lintCelery(file: LintFile): LintResult[] {
  const unit = /^[ \t]*\[Service\]/m.test(file.text);
  return [...commandsOf(file.text), ...defaultsOf(file.text)].flatMap(({ text, line }) => {
    const application = option(text, '-A|--app');
    const wanted = application === null ? undefined : QUEUES[application.replace(/:\w+$/, '')];
    if (application === null || wanted === undefined || !/\bworker\b|\bmulti\b/.test(text)) return [];
    const results: LintResult[] = [];
    const queues = option(text, '-Q|--queues');
    if (!/[$%{]/.test(queues ?? '') && !(queues ?? 'celery').split(',').includes(wanted))
      results.push(
        lintFinding('P05-file-queue', {
          ...OUR,
          file,
          line,
          parameters: { key: '-Q', application, value: queues ?? 'celery', wanted },
        }),
      );
    const name = option(text, '-n|--hostname');
    const [first = '', host] = (name ?? '').split('@');
    if (name !== null && unit && host !== undefined && /^%[hndi]$/.test(host))
      results.push(
        lintFinding('P08-file-home', { ...OUR, file, line, parameters: { key: '-n', value: first } }),
      );
    else if (name !== null && !/[%$]/.test(name))
      results.push(
        lintFinding('P08-file-name', { ...OUR, file, line, parameters: { key: '-n', value: first } }),
      );
    return results;
  });
}

/** Lines with what they go on with behind a backslash; comments go. */
function commandsOf(text: string): { readonly text: string; readonly line: number }[] {
  const found: { text: string; line: number }[] = [];
  let open = false;
  text.split(/\r?\n/).forEach((source, i) => {
    if (/^[ \t]*[#;]/.test(source)) return;
    const last = found.at(-1);
    const piece = source.replace(/\\\s*$/, ' ');
    if (open && last !== undefined) last.text += piece;
    else found.push({ text: piece, line: i + 1 });
    open = /\\\s*$/.test(source);
  });
  return found;
}

/** `CELERY_APP` and `CELERYD_OPTS` of /etc/default/celeryd, as the one command that the unit makes of them. */
function defaultsOf(text: string): { readonly text: string; readonly line: number }[] {
  const value = (name: string) =>
    text.split(/\r?\n/).flatMap((source, i) => {
      const found = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*(["']?)(.*)\\1\\s*$`).exec(source);
      return found === null ? [] : [{ text: found[2] ?? '', line: i + 1 }];
    });
  const application = value('CELERY_APP').at(-1);
  const options = value('CELERYD_OPTS').at(-1);
  if (application === undefined || options === undefined) return [];
  return [{ text: `celery -A ${application.text} multi ${options.text}`, line: options.line }];
}

/** The value of an option: `-Q encoding`, `-Q=encoding`, `--queues=encoding`; quotes undone. */
function option(command: string, names: string): string | null {
  const found = new RegExp(
    `(?:^|[\\s"'\`=,\\[])(?:${names})["']?(?:[\\s=,]+)["']?([^\\s"',\`\\]]+(?:,[\\w-]+)*)`,
  ).exec(command);
  return found?.[1] ?? null;
}
