import type { CodesOf } from '../../kit/errors/code.js';
import { refusal } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** `bbb2pod init`. */
export const texts = defineTexts({
  'init-source-unknown': refusal(
    'Nothing known is set in {file}.',
    "Rien de connu n'est défini dans {file}.",
    'Give settings_local.py of Pod, migrate_bbb_recordings.py, bbb-pod-live.php, or the .env of bbb-recorder: bbb2pod init --from FILE',
    'Donnez le settings_local.py de Pod, migrate_bbb_recordings.py, bbb-pod-live.php ou le .env de bbb-recorder : bbb2pod init --from FICHIER',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
