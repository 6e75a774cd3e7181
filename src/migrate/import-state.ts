import type { PodExternalRecording } from './pod-port.js';

/** What became of a link in Pod's "external videos": nothing yet, its import runs, it failed, or the video is in Pod. */
export type ImportState = 'waiting' | 'under-way' | 'failed' | 'imported';

/**
 * Texts that Pod stores in `state`, in its own language (English and French; its Dutch catalogue leaves them in
 * English). Pod 3.5.1 ends the second with three full stops, later ones with an ellipsis.
 */
const IMPORTED = new Set(['video file already uploaded to pod', 'fichier vidéo déjà téléversé sur pod']);
const UNDER_WAY = new Set([
  'convert web presentation to video in progress...',
  'conversion de la présentation web en vidéo en cours...',
]);

/**
 * One answer for status, cleanup, claims, re-runs and undo. A video sets `uploaded_to_pod_by`; the plug that converts
 * presentations saves an older copy of the row over it and leaves only a text
 * (pod/import_video/views.py 3.5.1, 3.8.4 and 4.1.0, bbb_encode_presentation_and_upload_to_pod). Any other text says
 * why it failed.
 */
export function importStateOf({
  state,
  uploadedToPodById,
}: Pick<PodExternalRecording, 'state' | 'uploadedToPodById'>): ImportState {
  if (uploadedToPodById !== null) return 'imported';
  const text = (state ?? '').normalize('NFC').trim().toLowerCase().replace('…', '...');
  if (text === '') return 'waiting';
  if (IMPORTED.has(text)) return 'imported';
  return UNDER_WAY.has(text) ? 'under-way' : 'failed';
}
