import { localized } from '../../../kit/output/localized.js';

/** Machine words of lives (`--json` keeps them) as a French reader reads them; English shows the words themselves. */
const FRENCH: Readonly<Record<string, string>> = {
  starting: 'démarre',
  'on-air': 'à l’antenne',
  repairing: 'réparation',
  ended: 'terminé',
  paused: 'en pause',
  stopping: 's’arrête',
  'keeper dead': 'gardien mort',
  joined: 'rejoint',
  'not-joined': 'absent',
  unknown: 'inconnu',
  ok: 'bien',
  'meeting-ended': 'session terminée',
  'only-bots-left': 'il ne reste que des robots',
  'pod-stopped': 'arrêté dans Pod',
  'max-duration': 'durée maximale atteinte',
  'claim-lost': 'pris par un autre serveur',
  operator: 'demandé par l’opérateur',
  'join-refused': 'entrée refusée',
  'no-free-slot': 'aucune place libre',
  'meeting-not-running': 'session pas commencée',
  'bbb-unknown': 'BigBlueButton ne répond pas',
  'other-server': 'pour un autre serveur',
  'meeting-already-live': 'session déjà en direct',
  'claims-unknown': 'réservations illisibles',
  'no-target': 'aucune adresse RTMP',
  'rtmp-unreachable': 'serveur RTMP injoignable',
  'rtmp-name-in-use': 'nom de flux déjà pris',
  'rtmp-refused': 'refusé par le serveur RTMP',
  'rtmp-lost': 'connexion RTMP coupée',
};

export const word = (name: string): string => localized(name, FRENCH[name] ?? name);
