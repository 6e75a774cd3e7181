import { mergeFixes, type LintFile, type LintResult } from './lint-file.js';

/** What the program of a file complains of in a text of it. */
export type JudgeText = (text: string) => Promise<readonly string[]>;

/**
 * Keeps the corrections that leave the file as valid as it was, by the word of its own program (`nginx -t`,
 * `haproxy -c`): all together, else each that stands the test alone after those before it. The others keep their
 * finding and lose their patch.
 */
export async function keepValidFixes(
  file: LintFile,
  results: readonly LintResult[],
  judge: JudgeText,
): Promise<LintResult[]> {
  const own = results.filter(({ fix }) => fix?.file === file.path);
  if (own.length === 0) return [...results];
  const before = new Set(await judge(file.text));
  const isValid = async (some: readonly LintResult[]): Promise<boolean> => {
    const [merged] = mergeFixes(some.flatMap(({ fix }) => (fix === null ? [] : [fix])));
    return merged === undefined || (await judge(merged.after)).every((complaint) => before.has(complaint));
  };
  if (await isValid(own)) return [...results];
  const kept: LintResult[] = [];
  for (const one of own) if (await isValid([...kept, one])) kept.push(one);
  return results.map((result) =>
    own.includes(result) && !kept.includes(result) ? { ...result, fix: null } : result,
  );
}
