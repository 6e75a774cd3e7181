import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';
import type { AskBbb } from './ports.js';

/** Beyond that, days and filters of the two machines disagree. */
const MOST_SKEW_MS = 60_000;

/** What is configured of one `[bbb.NAME]`. */
export interface BbbServer {
  readonly name: string;
  readonly hasUrl: boolean;
  readonly hasSecret: boolean;
  readonly timeoutSeconds: number;
}

/** Reachability, signature, number of recordings and clock of one server. */
export function bbbCheck(server: BbbServer, configFile: string, ask: AskBbb): Check {
  const subject = server.name === 'default' ? 'bbb' : `bbb.${server.name}`;
  const missing = [server.hasUrl ? '' : 'url', server.hasSecret ? '' : 'secret'].filter((key) => key !== '');
  return {
    name: subject,
    subject,
    timeoutMs: (server.timeoutSeconds + 30) * 1000,
    run: async (signal) => {
      if (missing.length > 0)
        return checkResult('doctor-bbb-incomplete', subject, {
          missing: missing.join(', '),
          file: configFile,
        });
      return judge(subject, server.timeoutSeconds, await ask(server.name, signal));
    },
  };
}

function judge(
  subject: string,
  seconds: number,
  { version, recordings, clockSkewMs, paged }: Awaited<ReturnType<AskBbb>>,
): CheckResult[] {
  const skew = clockSkewMs === null ? '?' : String(Math.round(Math.abs(clockSkewMs) / 1000));
  const results = [
    recordings === null
      ? checkResult('doctor-bbb-uncounted', subject, { seconds })
      : checkResult('doctor-bbb', subject, { version, recordings, skew }),
  ];
  if (clockSkewMs !== null && Math.abs(clockSkewMs) > MOST_SKEW_MS)
    results.push(checkResult('doctor-bbb-clock', subject, { skew }));
  if (paged === false) results.push(checkResult('doctor-bbb-unpaged', subject));
  return results;
}
