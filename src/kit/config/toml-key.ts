/** A name as TOML has it in a heading or left of `=`: one with a dot in it must be quoted (TOML 1.0, bare keys). */
export const tomlKey = (name: string): string =>
  /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
