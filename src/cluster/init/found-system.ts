/** What was read from existing files, as lines of cluster.toml. */
export interface FoundSystem {
  readonly system: 'streaming' | 'jitsi' | 'encoding' | 'esup-runner';
  /** TOML, its own section header first. */
  readonly text: string;
  /** What the files could not tell, or what must be done by hand. */
  readonly remarks: readonly string[];
}

/** A basic string of TOML. */
export const tomlString = (text: string): string => JSON.stringify(text);

/** A name fit for a table: what is not allowed becomes a dash. */
export const nodeName = (text: string): string => {
  const name = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'node' : name.slice(0, 63);
};

/** One file that was handed in; `path` as the operator knows it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}
