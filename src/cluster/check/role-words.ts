import { localized } from '../../kit/output/localized.js';

/** Roles in French; those that French keeps are not here. */
const FRENCH: Readonly<Record<string, string>> = {
  balancer: 'répartiteur',
  broker: 'courtier',
  broadcast: 'diffusion',
  ingest: 'ingest',
  queue: 'file',
  media: 'médias',
  'all nodes': 'tous',
  local: 'local',
  checks: 'contrôles',
  'all runners': 'tous',
  'worker (encoding)': 'worker (encodage)',
  runner: 'runner',
};

/** A role of the table as the reader's language calls it; documents keep the English one. */
export const roleWord = (role: string): string => localized(role, FRENCH[role] ?? role);
