import { defineWords } from '../../kit/output/define-words.js';

/** What is said of backups before Pod is written to. */
export const words = defineWords({
  noBackup: [
    'No backup was asked for (--backup DIR). By hand:\n  {command}',
    "Aucune sauvegarde n'a été demandée (--backup RÉPERTOIRE). À la main :\n  {command}",
  ],
  backupFailed: [
    'No backup: {why} The journal keeps every row whole; undo puts them back.',
    'Pas de sauvegarde : {why} Le journal garde chaque ligne entière ; undo les remet.',
  ],
  saved: [
    "Pod's tables are saved in {file} (mode 0600). To put them back, with Pod stopped:\n  {command}",
    'Les tables de Pod sont sauvées dans {file} (mode 0600).\nPour les remettre, Pod arrêté :\n  {command}',
  ],
});
