import type { OperatorError } from '../../kit/errors/operator-error.js';
import { runnerTexts } from './texts.js';

export interface ManagerAnswer {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** What a request was about: the same status means another thing elsewhere. */
export type Asked = 'api' | 'runner' | 'execute' | 'task' | 'result' | 'stop';

/**
 * A refusal of the manager as a failure of ours; each of its statuses has its own message.
 * @returns null for success with JSON
 */
export function judgeAnswer(
  answer: ManagerAnswer,
  asked: Asked,
  of: { readonly task?: string; readonly type?: string } = {},
): OperatorError | null {
  const { url, status, text } = answer;
  const detail = detailOf(text);
  if (status >= 200 && status < 300)
    return isJson(text) ? null : runnerTexts.managerNotOne({ url, detail: 'it answers no JSON' });
  if (detail === null && status < 500)
    return runnerTexts.managerNotOne({ url, detail: `it answers ${status} without JSON` });
  const said = detail ?? `HTTP ${status}`;
  switch (status) {
    case 401:
      return runnerTexts.managerTokenRefused({ detail: said });
    case 403:
      return runnerTexts.managerForbidden({ detail: said });
    case 404:
      return judgeAbsence(url, said, asked, of.task ?? '');
    case 409:
      return asked === 'stop'
        ? runnerTexts.taskNotRunning({ detail: said })
        : runnerTexts.managerVersionDiffers({ detail: said });
    case 425:
      return runnerTexts.taskNotFinished({ detail: said });
    case 429:
      return runnerTexts.managerRateLimited({ detail: said });
    case 400:
    case 422:
      return asked === 'result' && said.startsWith('Task failed')
        ? runnerTexts.taskFailed({ detail: said })
        : runnerTexts.managerRequestRefused({ detail: said });
    case 500:
    case 502:
    case 504:
      if (asked === 'result' || asked === 'stop') return runnerTexts.runnerGone({ detail: said });
      break;
    case 503:
      if (said.startsWith('No runners')) return runnerTexts.managerNoRunner({ type: of.type ?? '' });
      if (/quota|Non-priority/i.test(said)) return runnerTexts.managerQuota({ detail: said });
      if (asked === 'result') return runnerTexts.runnerGone({ detail: said });
  }
  return runnerTexts.managerFailing({ status, detail: said });
}

/** 404 of FastAPI for a path that it does not have says `Not Found`; esup-runner's own name what is missing. */
function judgeAbsence(url: string, said: string, asked: Asked, task: string): OperatorError {
  if (said === 'Task not found') return runnerTexts.taskUnknown({ task });
  if (asked === 'result') return runnerTexts.taskUnknown({ task });
  if (said === 'Runner not found')
    return asked === 'runner'
      ? runnerTexts.managerForbidden({ detail: said })
      : runnerTexts.runnerGone({ detail: said });
  return runnerTexts.managerNotOne({ url, detail: 'it does not have that path' });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * `{"detail": "…"}` of FastAPI, `{"detail": [{loc, msg}]}` of its validation, `{"error": "Rate limit exceeded: …"}` of
 * slowapi; null for what is no JSON object.
 */
export function detailOf(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { detail, error } = value as { detail?: unknown; error?: unknown };
  if (typeof detail === 'string') return detail.slice(0, 500);
  if (Array.isArray(detail))
    return (detail as { loc?: unknown[]; msg?: unknown }[])
      .map(({ loc, msg }) => `${(loc ?? []).slice(1).join('.')}: ${String(msg)}`)
      .join('; ')
      .slice(0, 500);
  return typeof error === 'string' ? error.slice(0, 500) : '';
}
