/** What a template may ask for. A section repeats for each element of a list, whose own values come before the others. */
export interface TemplateValues {
  readonly [name: string]: string | number | boolean | readonly TemplateValues[];
}

/** `{{#name}}…{{/name}}` or `{{^name}}…{{/name}}`: lines of their own take their marks with them. */
const SECTION = /^\{\{([#^])(\w+)\}\}\n([^]*?)^\{\{\/\2\}\}\n|\{\{([#^])(\w+)\}\}(.*?)\{\{\/\5\}\}/gm;

/**
 * Fills a template, in marks of Mustache without its escaping. `{{name}}` is a value; alone on its line it takes several
 * lines at its indentation, and an empty one takes the line away. `{{#name}}…{{/name}}` stands when there is such a thing,
 * once for each element of a list; `{{^name}}…{{/name}}` when there is none.
 * @throws TypeError when the template asks for a value that is not given: a fault of ours.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  const value = (name: string): TemplateValues[string] => {
    const found = values[name];
    if (found === undefined) throw new TypeError(`the template wants {{${name}}}`);
    return found;
  };
  const text = (name: string): string => {
    const found = value(name);
    if (typeof found === 'object') throw new TypeError(`the template wants a text for {{${name}}}`);
    return String(found);
  };
  const section = (sign: string, name: string, inside: string): string => {
    const found = value(name);
    const each = typeof found === 'object' ? found : found === false || found === '' ? [] : [{}];
    if (sign === '^') return each.length === 0 ? fillTemplate(inside, values) : '';
    return each.map((own) => fillTemplate(inside, { ...values, ...own })).join('');
  };
  return template
    .replace(SECTION, (_, ...[sign, name, lines, inlineSign, inlineName, inline]: (string | undefined)[]) =>
      section(sign ?? inlineSign ?? '', name ?? inlineName ?? '', lines ?? inline ?? ''),
    )
    .replace(/^([ \t]*)\{\{(\w+)\}\}[ \t]*\n/gm, (_, indent: string, name: string) => {
      const lines = text(name);
      return lines === '' ? '' : `${lines.replace(/^(?=.)/gm, indent)}\n`;
    })
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => text(name));
}

/** Words that a quoted value of HOCON or JSON may hold. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A Python string literal; the settings block is pasted into Python. */
export const pythonString = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
