/** Names and values that a playlist defines (EXT-X-DEFINE, RFC 8216bis 4.4.2.3). */
export type PlaylistVariables = ReadonlyMap<string, string>;

const NONE: PlaylistVariables = new Map();

/**
 * What `EXT-X-DEFINE` gives: a value of its own, a parameter of the playlist's address (QUERYPARAM), or one of the master
 * that led to it (IMPORT).
 * @param url the playlist's own address, as the viewer asked for it.
 */
export function playlistVariables(
  text: string,
  url: string,
  imported: PlaylistVariables = NONE,
): PlaylistVariables {
  const found = new Map<string, string>();
  for (const [, attributes = ''] of text.matchAll(/^#EXT-X-DEFINE:(.*)$/gm)) {
    const value = (name: string): string | undefined =>
      new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(attributes)?.[1];
    const name = value('NAME');
    const query = value('QUERYPARAM');
    const from = value('IMPORT');
    if (name !== undefined) found.set(name, value('VALUE') ?? '');
    if (query !== undefined) found.set(query, new URL(url).searchParams.get(query) ?? '');
    if (from !== undefined) found.set(from, imported.get(from) ?? '');
  }
  return found;
}

/** The text with `{$name}` filled in; what nobody defined stays as it is. */
export const fillInVariables = (text: string, variables: PlaylistVariables): string =>
  variables.size === 0
    ? text
    : text.replaceAll(/\{\$([\w-]+)\}/g, (whole, name: string) => variables.get(name) ?? whole);
