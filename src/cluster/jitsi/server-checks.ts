import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { JitsiTargets } from '../check/targets.js';
import type { JitsiRunFacts } from './run-facts.js';

const DAY_MS = 86_400_000;

/** J01 to J04: the web front, the names, prosody. */
export function checkServer(facts: JitsiRunFacts, targets: JitsiTargets, make: ResultMaker): ClusterResult[] {
  return [
    ...checkWeb(facts, targets, make),
    ...checkCertificate(facts, targets, make),
    ...checkNames(facts, targets, make),
    ...checkXmpp(facts, targets, make),
  ];
}

function checkWeb(
  { page, config, bosh, webSocket }: JitsiRunFacts,
  targets: JitsiTargets,
  make: ResultMaker,
): ClusterResult[] {
  const subject = 'jms';
  const name = targets.name;
  if (!page.ok) return [make.found('J01-silent', subject, { parameters: { name, detail: page.detail } })];
  if (page.value.status >= 400)
    return [make.found('J01-error', subject, { parameters: { name, status: page.value.status } })];
  const results: ClusterResult[] = [];
  const text = config.ok ? config.value.body.toString('utf8') : '';
  const status = config.ok ? config.value.status : 0;
  const domain = /\bdomain\s*:\s*["']([^"']+)["']/.exec(text)?.[1] ?? null;
  if (status !== 200) results.push(make.found('J01-config', subject, { parameters: { name, status } }));
  else if (domain !== null && domain !== name)
    results.push(make.found('J01-domain', subject, { parameters: { name, domain } }));
  // prosody answers a GET on BOSH with 200 and a page; 502 or 504 come from a front without prosody.
  const boshStatus = bosh.ok ? bosh.value.status : 0;
  if (boshStatus === 0 || boshStatus >= 500 || boshStatus === 404)
    results.push(make.found('J01-bosh', `${subject}/bosh`, { parameters: { status: boshStatus } }));
  // Only clients whose config.js names it use it, and those do not fall back to BOSH.
  const wanted =
    /^\s*(?:config\.)?websocket\s*[:=]\s*["']([^"']+)["']|[{,]\s*websocket\s*:\s*["']([^"']+)["']/m.test(
      text,
    );
  const upgraded = webSocket.ok ? webSocket.value : 0;
  if (wanted && upgraded !== 101)
    results.push(
      make.found('J01-websocket', `${subject}/websocket`, {
        parameters: { status: webSocket.ok ? `answers ${upgraded}` : webSocket.detail },
      }),
    );
  const evidence = [
    `/http-bind ${boshStatus}, /xmpp-websocket ${upgraded}${wanted ? '' : ' (config.js names none)'}`,
  ];
  const measures = [{ label: 'jms_https', value: page.ms / 1000, unit: 's' as const }];
  return results.length === 0 ? [make.good('J01', subject, { measures, evidence })] : results;
}

function checkCertificate(
  { certificate, page, at }: JitsiRunFacts,
  targets: JitsiTargets,
  make: ResultMaker,
): ClusterResult[] {
  const subject = 'jms/certificate';
  if (!certificate.ok) return page.ok ? [make.unknown('J01', subject, certificate.detail)] : [];
  const { expiresAt, names, trusted, reason, matchesName } = certificate.value;
  const days = Math.floor((expiresAt - at) / DAY_MS);
  const parameters = { days, name: targets.name, names: names.join(', '), reason: reason ?? '' };
  const measures = [
    {
      label: 'jms_cert_days',
      value: days,
      unit: '' as const,
      warning: targets.thresholds.certificateDays,
      critical: 0,
    },
  ];
  if (days < 0)
    return [make.found('J01-expired', subject, { parameters: { ...parameters, days: -days }, measures })];
  if (!matchesName) return [make.found('J01-name', subject, { parameters, measures })];
  if (!trusted) return [make.found('J01-untrusted', subject, { parameters, measures })];
  if (days < targets.thresholds.certificateDays)
    return [make.found('J01-expires', subject, { parameters, measures })];
  return [make.good('J01', subject, { measures })];
}

function checkNames(
  { addresses, bridges }: JitsiRunFacts,
  targets: JitsiTargets,
  make: ResultMaker,
): ClusterResult[] {
  const results: ClusterResult[] = [];
  if (!addresses.ok)
    results.push(
      make.found('J02-unresolved', 'jms', { parameters: { name: targets.host, detail: addresses.detail } }),
    );
  else if (targets.expectedAddress !== null && !addresses.value.includes(targets.expectedAddress))
    results.push(
      make.found('J02-other', 'jms', {
        parameters: {
          name: targets.host,
          found: addresses.value.join(', '),
          wanted: targets.expectedAddress,
        },
      }),
    );
  const seen = new Map<string, string>();
  for (const bridge of targets.bridges) {
    const found = bridges.find(({ name }) => name === bridge.name)?.addresses;
    if (found === undefined) continue;
    if (!found.ok) {
      results.push(
        make.found('J02-unresolved', bridge.name, {
          parameters: { name: bridge.host, detail: found.detail },
        }),
      );
      continue;
    }
    const { expectedAddresses: wanted } = bridge;
    if (wanted.length > 0 && !found.value.some((address) => wanted.includes(address)))
      results.push(
        make.found('J02-other', bridge.name, {
          parameters: { name: bridge.host, found: found.value.join(', '), wanted: wanted.join(' or ') },
        }),
      );
    for (const address of found.value) {
      const place = `${address} port ${bridge.mediaPort}`;
      const other = seen.get(place);
      if (other !== undefined && other !== bridge.name)
        results.push(make.found('J02-shared', bridge.name, { parameters: { other, place } }));
      seen.set(place, bridge.name);
    }
  }
  return results.length === 0 ? [make.good('J02', 'jms')] : results;
}

function checkXmpp(
  { xmpp, login }: JitsiRunFacts,
  targets: JitsiTargets,
  make: ResultMaker,
): ClusterResult[] {
  const subject = 'jms';
  const parameters = {
    port: targets.xmppPort,
    host: targets.host,
    domain: targets.authDomain,
    username: targets.username,
  };
  if (xmpp === null) return [];
  if (!xmpp.ok)
    return [make.found('J03-silent', subject, { parameters: { ...parameters, detail: xmpp.detail } })];
  const { stage, refusal, certificate } = xmpp.value;
  if (stage === 'connected' && refusal === 'no-starttls')
    return [make.found('J03-no-tls', subject, { parameters })];
  if (stage === 'connected')
    return [make.found('J04-domain', subject, { parameters: { ...parameters, refusal: refusal ?? '' } })];
  const results = [make.good('J03', subject)];
  if (login === null)
    return [
      ...results,
      make.notFromHere('J04', subject, 'a machine with jitsi.jvb_password_file in cluster.toml'),
    ];
  if (stage === 'starttls')
    return [
      ...results,
      make.found('J04-refused', subject, { parameters: { ...parameters, refusal: refusal ?? '' } }),
    ];
  const evidence =
    certificate === null
      ? []
      : [`certificate of ${certificate.names.join(', ')}, ${certificate.reason ?? 'trusted'}`];
  return [...results, make.good('J04', subject, { evidence })];
}
