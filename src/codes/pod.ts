import { defineCodes } from './define.js';

/** Esup-Pod's database: its schema, and what it cannot hold. */
export const podCodes = defineCodes({
  'pod-schema-unsupported': {
    severity: 'error',
    en: {
      text: 'The {database} is no Pod that this tool knows (3.5.1 to 4.1): missing are {missing}.',
      remedy:
        'Check that [pod] names Pod’s own database and schema; bbb2pod doctor lists every table and column.',
    },
    fr: {
      text: "{database} n'est pas un Pod connu de cet outil (3.5.1 à 4.1) : il manque {missing}.",
      remedy:
        'Vérifiez que [pod] nomme bien la base et le schéma de Pod ; bbb2pod doctor liste chaque table et colonne.',
    },
  },
  'pod-site-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Pod has no site with the id {id}.',
      remedy: 'Set site_id in [pod] to Pod’s SITE_ID; bbb2pod doctor lists the sites.',
    },
    fr: {
      text: "Pod n'a pas de site d'identifiant {id}.",
      remedy: 'Donnez à site_id dans [pod] le SITE_ID de Pod ; bbb2pod doctor liste les sites.',
    },
  },
  'pod-recorder-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Pod has no recorder with the id {id}.',
      remedy: 'Create one in Pod’s administration (type video, no manager), then set recorder_id in [pod].',
    },
    fr: {
      text: "Pod n'a pas d'enregistreur d'identifiant {id}.",
      remedy:
        "Créez-en un dans l'administration de Pod (type vidéo, sans gestionnaire), puis donnez recorder_id dans [pod].",
    },
  },
  'pod-claim-path-too-long': {
    severity: 'error',
    en: {
      text: 'Pod cannot register {path}: its column holds {length} characters.',
      remedy:
        'Shorten the recorder’s directory or DEFAULT_RECORDER_PATH in Pod, or upgrade Pod to 4.0.1 or later.',
    },
    fr: {
      text: 'Pod ne peut pas enregistrer {path} : sa colonne tient {length} caractères.',
      remedy:
        "Raccourcissez le répertoire de l'enregistreur ou DEFAULT_RECORDER_PATH dans Pod, ou passez à Pod 4.0.1 ou plus.",
    },
  },
  'pod-url-too-long': {
    severity: 'error',
    en: {
      text: 'The URL of {recordId} is longer than the {length} characters Pod holds: {url}',
      remedy: 'Use claim mode for it: bbb2pod migrate recordings --use-manual-claim --recording {recordId}',
    },
    fr: {
      text: "L'URL de {recordId} dépasse les {length} caractères que Pod peut tenir : {url}",
      remedy:
        'Passez par la revendication : bbb2pod migrate recordings --use-manual-claim --recording {recordId}',
    },
  },
  'pod-username-ambiguous': {
    severity: 'error',
    en: {
      text: 'Two Pod accounts differ from "{username}" only by case: the owner would be a guess.',
      remedy: 'Name the right account in the owners file, or merge the two in Pod.',
    },
    fr: {
      text: 'Deux comptes de Pod ne diffèrent de « {username} » que par la casse : le propriétaire serait deviné.',
      remedy: 'Nommez le bon compte dans le fichier des propriétaires, ou fusionnez les deux dans Pod.',
    },
  },
  'pod-row-vanished': {
    severity: 'error',
    en: {
      text: 'A row just written could not be read back, so the chunk was rolled back: {url}',
      remedy:
        'Look for a trigger or a column type of your own on import_video_externalrecording: bbb2pod doctor',
    },
    fr: {
      text: 'Une ligne à peine écrite est restée introuvable, le lot a donc été annulé : {url}',
      remedy:
        'Cherchez un déclencheur ou un type de colonne modifié sur import_video_externalrecording : bbb2pod doctor',
    },
  },
});
