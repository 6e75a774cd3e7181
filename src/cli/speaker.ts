/** How a command talks: results on standard output, talk on standard error. */
export interface Speaker {
  readonly json: boolean;
  print(text: string): void;
  /** One JSON document; `indent` 0 gives one line of a batch. */
  printJson(value: unknown, indent?: number): void;
  say(text: string): void;
}
