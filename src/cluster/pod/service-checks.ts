import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { EncodingThresholds, PodTargets } from '../check/targets.js';
import type { PodFacts, ShareFacts } from './run-facts.js';

/** P14 to P17: the share, the programs, Pod's REST, the LRS. */
export function checkServices(facts: PodFacts, targets: PodTargets, make: ResultMaker): ClusterResult[] {
  return [
    ...checkShares(facts.shares, targets.thresholds, make),
    ...checkPrograms(facts, targets, make),
    ...checkApi(facts, targets, make),
    ...checkLrs(facts, targets, make),
  ];
}

function checkShares(
  shares: readonly ShareFacts[],
  thresholds: EncodingThresholds,
  make: ResultMaker,
): ClusterResult[] {
  if (shares.length === 0) return [make.notFromHere('P14', 'share', 'the backend and each worker')];
  const backend = shares.find(({ side }) => side === 'backend');
  return shares.flatMap((share) => {
    const { name, path, state } = share;
    const subject = `share/${name}`;
    if (!state.ok)
      return [make.found('P14-missing', subject, { parameters: { node: name, path, detail: state.detail } })];
    const here = state.value;
    const evidence = [
      `${path}: ${here.device}:${here.inode} on ${here.mountSource} (${here.fileSystem}, ${here.mountPoint})`,
    ];
    const results: ClusterResult[] = [];
    if (here.readOnly)
      results.push(
        make.found('P14-read-only', subject, {
          parameters: { node: name, path, mount: here.mountPoint },
          evidence,
        }),
      );
    const base = backend?.state.ok === true ? backend.state.value : null;
    if (base !== null && share !== backend && (base.device !== here.device || base.inode !== here.inode))
      results.push(
        make.found('P14-split', subject, {
          parameters: {
            node: name,
            path,
            source: `${here.mountSource} (${here.mountPoint})`,
            backend: `${backend?.path ?? '?'} on ${base.mountSource} (${base.mountPoint})`,
          },
          evidence,
        }),
      );
    else if (share.sentinel?.ok === false)
      results.push(
        make.found('P14-unwritable', subject, {
          parameters: { path, detail: share.sentinel.detail },
          evidence,
        }),
      );
    else if (share.sentinel?.ok === true && !share.sentinel.value)
      results.push(make.found('P14-unseen', subject, { parameters: { node: name, path }, evidence }));
    results.push(...checkSpace(share, subject, thresholds, make));
    return results.length === 0 ? [make.good('P14', subject, { evidence })] : results;
  });
}

function checkSpace(
  share: ShareFacts,
  subject: string,
  thresholds: EncodingThresholds,
  make: ResultMaker,
): ClusterResult[] {
  if (!share.state.ok || share.state.value.totalBytes === 0 || share.side !== 'backend') return [];
  const free = share.state.value.freeBytes / share.state.value.totalBytes;
  const details = {
    parameters: { path: share.path, free: Math.round(free * 100) },
    measures: [{ label: 'share_free', value: Math.round(free * 100), unit: '%' as const }],
  };
  if (free < thresholds.freeSpaceCritical) return [make.found('P14-full', subject, details)];
  return free < thresholds.freeSpaceWarning ? [make.found('P14-low', subject, details)] : [];
}

function checkPrograms(
  { missingPrograms }: PodFacts,
  targets: PodTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (missingPrograms === null)
    return targets.workers.length === 0 ? [] : [make.notFromHere('P15', 'programs', 'each worker')];
  if (missingPrograms.length === 0) return [make.good('P15', 'programs')];
  const packages: Record<string, string> = {
    convert: 'imagemagick',
    ffprobe: 'ffmpeg',
    sox: 'sox libsox-fmt-mp3',
  };
  const names = missingPrograms.map((name) => packages[name] ?? name);
  return [
    make.found('P15-missing', 'programs', {
      parameters: { programs: missingPrograms.join(', '), packages: [...new Set(names)].join(' ') },
    }),
  ];
}

function checkApi({ api }: PodFacts, targets: PodTargets, make: ResultMaker): ClusterResult[] {
  if (api === null || targets.api === null) return [];
  const subject = 'pod-rest';
  const { url } = targets.api;
  if (!api.ok) return [make.found('P16-silent', subject, { parameters: { url, detail: api.detail } })];
  const { status, headers } = api.value;
  const parameters = { url, status, location: headers['location'] ?? '' };
  if (status >= 300 && status < 400) return [make.found('P16-redirects', subject, { parameters })];
  // Pod refuses everybody without a token: that says nothing of the token which nobody gave us.
  if (targets.api.token === null && [200, 401, 403].includes(status))
    return [make.found('P16-untested', subject, { parameters })];
  if (status === 401) return [make.found('P16-unknown-token', subject, { parameters })];
  if (status === 403) return [make.found('P16-not-staff', subject, { parameters })];
  if (status !== 200) return [make.found('P16-error', subject, { parameters })];
  return [make.good('P16', subject, { measures: [{ label: 'pod_rest', value: api.ms / 1000, unit: 's' }] })];
}

function checkLrs(
  { lrsAbout, lrsStatements }: PodFacts,
  targets: PodTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (targets.lrs === null || lrsAbout === null || lrsStatements === null) return [];
  const subject = 'lrs';
  const { url } = targets.lrs;
  const results: ClusterResult[] = [];
  if (!lrsAbout.ok && !lrsStatements.ok)
    return [make.found('P17-silent', subject, { parameters: { url, detail: lrsAbout.detail } })];
  if (url.startsWith('http:') && !/\/\/(127\.|localhost)/.test(url))
    results.push(make.found('P17-cleartext', subject, { parameters: { url } }));
  const status = lrsStatements.ok ? lrsStatements.value.status : 0;
  if ((status === 401 || status === 403) && targets.lrs.password === null)
    results.push(make.found('P17-untested', subject, { parameters: { url } }));
  else if (status === 401 || status === 403)
    results.push(make.found('P17-refused', subject, { parameters: { url, status } }));
  else if (status !== 200) results.push(make.found('P17-error', subject, { parameters: { url, status } }));
  return results.length === 0 ? [make.good('P17', subject)] : results;
}
