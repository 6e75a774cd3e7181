import type { PodExternalRecording } from './pod-port.js';

/**
 * The external recordings that Pod holds, by the recordID their URL leads to. Filled once per run by streaming
 * the table, asked by chunks; lives in a temporary file, so that memory does not grow with Pod.
 */
export interface RowIndex {
  /** Rows whose URL leads to no recordID are left out. */
  add(rows: readonly { readonly recordId: string; readonly row: PodExternalRecording }[]): void;
  find(recordIds: readonly string[]): Map<string, PodExternalRecording[]>;
  close(): void;
}
