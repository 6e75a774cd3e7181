/** One request of a small API and the text of its answer, whatever its status. */
export type FetchText = (request: {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}) => Promise<{ status: number; text: string }>;
