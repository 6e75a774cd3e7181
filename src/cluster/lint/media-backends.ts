import { serversOf, type HaproxyLine, type HaproxySection } from './read-haproxy.js';

const MEDIA = /hls|m3u8|rtmp|broadcast|stream|\blive\b|dash|\.ts\b|\bmedia\b|edge|diffusion/i;

/**
 * The HTTP backends that serve live streams, told by their own words, by the rules that lead to them, or, where the
 * file has one backend of several servers alone, by the whole file. What a balancer does for Pod's pages or another
 * service is judged by no rule about players.
 */
export function mediaBackends(sections: readonly HaproxySection[]): HaproxySection[] {
  const backends = sections.filter(
    ({ kind, mode, ...section }) =>
      /^(backend|listen)$/.test(kind) && mode === 'http' && serversOf({ kind, mode, ...section }).length > 0,
  );
  const own = backends.filter(
    (backend) => tells([backend.name], backend.lines) || rulesTo(backend, sections),
  );
  if (own.length > 0) return own;
  const only = backends.filter((backend) => serversOf(backend).length > 1);
  const everywhere = sections.some(({ name, lines }) => tells([name], lines));
  return only.length === 1 && everywhere ? only : [];
}

const tells = (names: readonly string[], lines: readonly HaproxyLine[]): boolean =>
  [...names, ...lines.filter(isAbout).flatMap(({ words }) => words.slice(1))].some((word) =>
    // `nbsrv(live)` is a name; `option http-server-close` and `timeout` are not about streams.
    MEDIA.test(word.replaceAll('_', ' ')),
  );

const isAbout = ({ words }: HaproxyLine): boolean =>
  /^(server|server-template|acl|use_backend|default_backend|http-check|bind)$/.test(words[0] ?? '') ||
  (words[0] === 'option' && words[1] === 'httpchk');

/** Whether a `use_backend` rule for streams leads to it, with the `acl` lines that the rule names. */
function rulesTo(backend: HaproxySection, sections: readonly HaproxySection[]): boolean {
  return sections.some(({ lines }) =>
    lines
      .filter(({ words }) => words[0] === 'use_backend' && words[1] === backend.name)
      .some(({ words }) => {
        const named = lines.filter((line) => line.words[0] === 'acl' && words.includes(line.words[1] ?? ''));
        return [...words.slice(2), ...named.flatMap((line) => line.words.slice(1))].some((word) =>
          MEDIA.test(word.replaceAll('_', ' ')),
        );
      }),
  );
}
