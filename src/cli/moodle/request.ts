import type { NoticeLanguage } from '../../moodle/plan-annotation.js';

/** What `moodle annotate` is asked for: which recordings, and in which words. */
export interface AnnotateRequest {
  readonly moodle: string | undefined;
  readonly ofRun: string | undefined;
  readonly list: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly recordings: readonly string[];
  readonly includeImports: boolean;
  readonly includeHidden: boolean;
  readonly replace: boolean;
  readonly replaceLegacy: boolean;
  /** By default what each activity's recordings became: files to claim, when all of them are, else links to import. */
  readonly text: 'import' | 'claim' | undefined;
  readonly language: 'course' | NoticeLanguage | undefined;
  readonly backup: string | undefined;
  readonly paceMs: number;
}
