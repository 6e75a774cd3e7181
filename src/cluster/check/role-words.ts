import { defineNames } from '../../kit/output/define-words.js';

/** A role of the table as the reader's language calls it; documents keep the English one. */
export const roleWord = defineNames({
  balancer: ['balancer', 'répartiteur'],
  broker: ['broker', 'courtier'],
  broadcast: ['broadcast', 'diffusion'],
  ingest: ['ingest', 'ingest'],
  queue: ['queue', 'file'],
  media: ['media', 'médias'],
  'all nodes': ['all nodes', 'tous'],
  local: ['local', 'local'],
  checks: ['checks', 'contrôles'],
  'all runners': ['all runners', 'tous'],
  'worker (encoding)': ['worker (encoding)', 'worker (encodage)'],
  runner: ['runner', 'runner'],
});
