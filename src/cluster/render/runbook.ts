import { frenchSpaces } from '../../kit/french.js';
import { shownLanguage } from '../../kit/language.js';
import { fillTemplate, type TemplateValues } from './fill-template.js';
import { templateOf, type RenderedFile, type Templates } from './layout.js';

/**
 * A node's RUNBOOK.md: `page` of config/templates/runbooks in the reader's language, filled, its steps numbered in the order
 * in which they work. The page may ask for `{{node}}`.
 */
export const nodeRunbook = (
  templates: Templates,
  page: string,
  node: string,
  values: TemplateValues,
): RenderedFile => ({
  node,
  path: 'RUNBOOK.md',
  text: renderPage(templates, page, { node, ...values }),
  mode: 0o644,
});

/** The page of a role: how a node of it is added or removed. NAME stands for the node. */
export const rolePage = (templates: Templates, page: string, values: TemplateValues = {}): RenderedFile => ({
  node: 'runbooks',
  path: `${page}.md`,
  text: renderPage(templates, page, { node: 'NAME', ...values }),
  mode: 0o644,
});

/** `{{> part}}` stands for a text that several pages have. */
function renderPage(templates: Templates, page: string, values: TemplateValues): string {
  const language = shownLanguage();
  const read = (name: string): string => templateOf(templates, `runbooks/${language}/${name}.md`);
  const whole = read(page).replace(/^\{\{> ([\w-]+)\}\}\n/gm, (_, part: string) => read(part));
  const text = fillTemplate(language === 'fr' ? withFrenchSpaces(whole) : whole, values);
  let step = 0;
  return text.replace(/^## /gm, () => `## ${++step}. `);
}

/** The spaces of French punctuation, in prose and in the remarks behind commands. */
const withFrenchSpaces = (page: string): string =>
  page
    .split(/^(```sh\n[^]*?^```)$/m)
    .map((part) =>
      part.startsWith('```')
        ? part.replace(/(?<=^|   )# .*$/gm, (remark) => frenchSpaces(remark))
        : frenchSpaces(part),
    )
    .join('');

/** nftables rules for ports that must be open, in the order of the page. */
export const openPorts = (
  rules: readonly { readonly from: readonly string[]; readonly to: string }[],
): string =>
  rules
    .map(({ from, to }) =>
      from.length === 0
        ? `nft add rule inet filter input ${to} accept`
        : `nft add rule inet filter input ${from[0]?.includes(':') === true ? 'ip6' : 'ip'} saddr { ${from.join(', ')} } ${to} accept`,
    )
    .join('\n');

/** Addresses of the nodes of one role. */
export const addresses = (nodes: Readonly<Record<string, { readonly address: string }>>): string[] =>
  Object.values(nodes).map(({ address }) => address);
