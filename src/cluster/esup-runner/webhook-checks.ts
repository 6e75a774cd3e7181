import { valueOf, type Outcome } from '../../kit/outcome.js';
import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { WebAnswer } from '../check/web-facts.js';
import { reachOf } from '../pod/broker-checks.js';
import type { EsupRunnerFacts, ManagerTask, WebhookFacts } from './facts.js';
import { hostOf, refusalOfProbe, WEBHOOK_PATH } from './gather.js';
import { jsonOf } from './read-answers.js';
import type { EsupRunnerTargets } from './targets.js';
import { words } from '../words.js';

const NODE = 'pod-webhook';

/** R27 to R29, R38: what manager and runners need of Pod over HTTP. */
export function checkWebhook(
  facts: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const { webhook, probe } = facts;
  if (webhook === null || targets.podUrl === null)
    return (['R27', 'R28', 'R29', 'R38'] as const).map((id) =>
      make.notFromHere(id, NODE, 'a machine whose cluster.toml has pod_url under [esup_runner]'),
    );
  return [
    ...checkAnswer(webhook, `${targets.podUrl}${WEBHOOK_PATH}`, make),
    ...checkPrivacy(facts, webhook, targets, probe, make),
    ...checkMedia(facts, webhook, targets, make),
  ];
}

/** R27, R28. */
function checkAnswer({ answer, built }: WebhookFacts, url: string, make: ResultMaker): ClusterResult[] {
  if (!answer.ok) return [make.found('R27-silent', NODE, { parameters: { url, detail: answer.detail } })];
  const { status } = answer.value;
  const redirected = redirectOf(url, answer) ?? (built === null ? null : redirectOf(built.url, built.answer));
  const results =
    redirected === null
      ? [make.good('R28', NODE)]
      : [make.found('R28-redirected', NODE, { parameters: redirected })];
  if (redirectOf(url, answer) !== null)
    return [make.unknown('R27', NODE, words.itIsRedirected()), ...results];
  // Only POST is served (Esup-Pod 4.2, video_encode_transcript/views.py); older ones refuse in other words.
  if ([405, 401, 415].includes(status) && jsonOf(answer.value) !== null)
    return [make.good('R27', NODE), ...results];
  if (status >= 500)
    return [make.found('R27-silent', NODE, { parameters: { url, detail: `HTTP ${status}` } }), ...results];
  const type = answer.value.headers['content-type']?.split(';')[0] ?? '';
  return [
    make.found('R27-missing', NODE, { parameters: { url, what: [String(status), type].join(' ').trim() } }),
    ...results,
  ];
}

function redirectOf(
  url: string,
  answer: Outcome<WebAnswer>,
): { url: string; status: number; location: string } | null {
  if (!answer.ok || answer.value.status < 300 || answer.value.status > 399) return null;
  return { url, status: answer.value.status, location: answer.value.headers['location'] ?? '?' };
}

/** Whether the manager took a task whose news goes to this Pod. */
const taken = (tasks: readonly ManagerTask[] | null, host: string): boolean =>
  tasks?.some(({ notifyUrl }) => notifyUrl !== null && hostOf(notifyUrl) === host) === true;

function checkPrivacy(
  facts: EsupRunnerFacts,
  { addresses }: WebhookFacts,
  targets: EsupRunnerTargets,
  probe: Outcome<WebAnswer> | null,
  make: ResultMaker,
): ClusterResult[] {
  const name = hostOf(targets.podUrl ?? '');
  const refusal = refusalOfProbe(probe);
  if (refusal !== null) return [make.found('R29-refused', NODE, { parameters: { detail: refusal } })];
  // A literal private address is refused whatever the settings say (manager/app/models/models.py).
  if (probe?.ok === true && probe.value.status === 422)
    return [make.found('R29-literal', NODE, { parameters: { name } })];
  if (probe?.ok === true && probe.value.status === 503) return [make.good('R29', NODE)];
  const own = facts.hosts.find(({ role }) => role === 'manager')?.environment ?? null;
  const isPrivate = (valueOf(addresses) ?? []).find((address) => reachOf(address) !== 'public');
  if (isPrivate === undefined) return [make.good('R29', NODE)];
  if (own !== null) {
    const allowed = /^(?:true|1|yes|on)$/i.test(own['NOTIFY_URL_ALLOW_PRIVATE_NETWORKS'] ?? '');
    return allowed
      ? [make.good('R29', NODE)]
      : [
          make.found('R29-refused', NODE, {
            parameters: {
              detail: words.privateThere({ name, address: isPrivate }),
            },
          }),
        ];
  }
  if (taken(valueOf(facts.manager.tasks), name) || reachOf(isPrivate) === 'loopback')
    return [make.good('R29', NODE)];
  return [make.found('R29-private', NODE, { parameters: { name, address: isPrivate } })];
}

/** A refusal met here counts when this machine is a runner, or when the runners' own tasks tell of it. */
function checkMedia(
  { manager, pod }: EsupRunnerFacts,
  { media }: WebhookFacts,
  targets: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (media === null) return [];
  if (!media.answer.ok) return [make.unknown('R38', NODE, media.answer.detail)];
  const { status } = media.answer.value;
  if (![401, 403].includes(status))
    return [make.good('R38', NODE, { evidence: [`${media.url}: ${status}`] })];
  const isRunner = targets.nodes.some(({ local }) => local);
  const told = [
    ...(valueOf(manager.tasks) ?? []).map(({ error }) => error ?? ''),
    ...(valueOf(pod)?.tasks ?? []).map(({ lastLine }) => lastLine),
  ].some((line) => /\b(?:401|403)\b/.test(line));
  return [
    isRunner || told
      ? make.found('R38-refused', NODE, { parameters: { url: media.url, status } })
      : make.notFromHere('R38', NODE, targets.nodes[0]?.host ?? words.aRunner()),
  ];
}
