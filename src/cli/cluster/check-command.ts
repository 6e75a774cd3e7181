import { explainCheck, parseCheckIds } from '../../cluster/check/explain.js';
import {
  renderCheckJson,
  renderJunit,
  renderNagios,
  renderPrometheus,
} from '../../cluster/check/render-machine.js';
import { renderCheckTable } from '../../cluster/check/render-table.js';
import type { CheckReport } from '../../cluster/check/run-check.js';
import { exitStatusOf, summarise, viewSystems } from '../../cluster/check/verdict.js';
import type { ClusterCheckFlags } from './check-flags.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';
import { prepareCheck, type PreparedCheck } from './check.js';
import { lookAgain } from '../kit/look-again.js';

/** What the flags of `cluster check` ask for: a story, a lint, one check, or a watch. */
export async function checkFromCommand(
  context: Context,
  flags: ClusterCheckFlags,
  speaker: Speaker,
): Promise<number> {
  if (flags.explain !== undefined) {
    speaker.print(
      parseCheckIds(flags.explain)
        .map((id) => explainCheck(id))
        .join('\n\n\n'),
    );
    return ExitStatus.done;
  }
  const roots = flags.root ?? [];
  const files = flags.file ?? [];
  if (roots.length + files.length > 0) return lintFromCommand(context, { roots, files }, flags, speaker);
  const prepared = prepareCheck(context, {
    inventory: flags.inventory,
    only: flags.only === undefined ? [] : parseCheckIds(flags.only),
    passive: flags.passive,
    probe: flags.probe,
    timeoutMs: flags.timeout * 1000,
  });
  return flags.watch || flags.until !== undefined
    ? watch(context, prepared, flags, speaker)
    : render(await prepared.run(), prepared, flags, speaker);
}

async function lintFromCommand(
  context: Context,
  given: { readonly roots: readonly string[]; readonly files: readonly string[] },
  flags: ClusterCheckFlags,
  speaker: Speaker,
): Promise<number> {
  // The rules about files are a third of what `cluster check` consists of, and no live check needs them.
  const [{ lintFiles }, { lintExit, lintJson, renderLint }] = await Promise.all([
    import('./lint.js'),
    import('../../cluster/lint/render-lint.js'),
  ]);
  const only = flags.only === undefined ? null : parseCheckIds(flags.only);
  const started = Date.now();
  const answer = await lintFiles(given, context.signal);
  const results = answer.results.filter(({ check }) => only === null || only.includes(check));
  const at = Date.now();
  const report: CheckReport = { at, ms: at - started, results, contacts: [], memory: {} };
  if (flags.nagios) return printNagios(report, speaker);
  if (speaker.json) speaker.printJson(lintJson(results));
  else if (flags.prometheus) speaker.print(renderPrometheus(report));
  else if (flags.junit) speaker.print(renderJunit(report));
  else speaker.print(renderLint(results, answer.files, !process.stdout.isTTY));
  return lintExit(results);
}

function printNagios(report: CheckReport, speaker: Speaker): number {
  const { text, exit } = renderNagios(report);
  speaker.print(text);
  return exit;
}

function render(
  report: CheckReport,
  { targets }: PreparedCheck,
  flags: ClusterCheckFlags,
  speaker: Speaker,
  changed: ReadonlySet<string> = new Set(),
): number {
  if (flags.nagios) return printNagios(report, speaker);
  if (speaker.json) speaker.printJson(renderCheckJson(report, targets), flags.watch ? 0 : 2);
  else if (flags.prometheus) speaker.print(renderPrometheus(report));
  else if (flags.junit) speaker.print(renderJunit(report));
  else
    speaker.print(
      renderCheckTable(report, targets, { verbose: flags.verbose, changed, whole: !process.stdout.isTTY }),
    );
  return exitStatusOf(summarise(report.results));
}

/** Checks until interrupted, or until what `--until` names is so. */
async function watch(
  context: Context,
  prepared: PreparedCheck,
  flags: ClusterCheckFlags,
  speaker: Speaker,
): Promise<number> {
  let before: Map<string, string> | null = null;
  let status: number = ExitStatus.done;
  const look = async (clear: string): Promise<boolean> => {
    const report = await prepared.run();
    const states = new Map(
      viewSystems(report.results, prepared.targets).flatMap(({ system, nodes }) =>
        nodes.map((node): [string, string] => [`${system}/${node.name}`, node.status]),
      ),
    );
    const last = before;
    const changed = new Set(
      last === null ? [] : [...states.keys()].filter((key) => last.get(key) !== states.get(key)),
    );
    before = states;
    if (clear !== '' && !speaker.json) speaker.print(clear);
    status = render(report, prepared, flags, speaker, changed);
    const { critical, unknown } = summarise(report.results);
    const reached =
      (flags.until === 'ok' && critical === 0 && unknown === 0) || (flags.until === 'crit' && critical > 0);
    return !reached;
  };
  await lookAgain(look, { watch: true, everyMs: flags.interval * 1000, signal: context.signal });
  // Who waits for something and does not get it was interrupted; who only looked has seen enough.
  if (flags.until !== undefined) context.signal.throwIfAborted();
  return context.signal.aborted ? ExitStatus.done : status;
}
