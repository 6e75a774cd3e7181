/**
 * Fills `{{name}}` in a template. A name alone on its line takes several lines at its indentation, and an empty
 * value takes the line away.
 * @throws TypeError when the template asks for a value that is not given: a fault of ours.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>>): string {
  const value = (name: string): string => {
    const found = values[name];
    if (found === undefined) throw new TypeError(`the template wants {{${name}}}`);
    return String(found);
  };
  return template
    .replace(/^([ \t]*)\{\{(\w+)\}\}[ \t]*\n/gm, (_, indent: string, name: string) => {
      const text = value(name);
      return text === ''
        ? ''
        : `${text
            .split('\n')
            .map((line) => (line === '' ? '' : indent + line))
            .join('\n')}\n`;
    })
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => value(name));
}

/** Words that a quoted value of HOCON or JSON may hold. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A Python string literal; the settings block is pasted into Python. */
export const pythonString = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
