import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** `bbb2pod init`. */
export const texts = defineTexts({
  'init-source-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Nothing known is set in {file}.',
      remedy:
        'Give settings_local.py of Pod, migrate_bbb_recordings.py, bbb-pod-live.php, or the .env of bbb-recorder: bbb2pod init --from FILE',
    },
    fr: {
      text: "Rien de connu n'est défini dans {file}.",
      remedy:
        'Donnez le settings_local.py de Pod, migrate_bbb_recordings.py, bbb-pod-live.php ou le .env de bbb-recorder : bbb2pod init --from FICHIER',
    },
  },
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
