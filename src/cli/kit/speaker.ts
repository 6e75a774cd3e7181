/** How a command talks: results on standard output, talk on standard error. */
export interface Speaker {
  readonly json: boolean;
  /** Whether a bar may be drawn: neither `--no-progress` nor `--json` was typed. */
  readonly progress: boolean;
  readonly print: (text: string) => void;
  /** One JSON document; `indent` 0 gives one line of a batch. */
  readonly printJson: (value: unknown, indent?: number) => void;
  readonly say: (text: string) => void;
}
