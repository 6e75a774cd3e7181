import type { z } from 'zod';

/** What a value may have to be, as an operator writes it. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section',
  record: 'a section',
};

/** What is wrong with one value of a configuration; never the value itself, which may be a secret. */
export function describeValue(key: string, issue: z.core.$ZodIssue): string {
  return `the value of ${key} ${problemOf(issue)}`;
}

function problemOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = KINDS[issue.expected];
      return kind === undefined ? issue.message : `must be ${kind}`;
    }
    case 'invalid_value':
      return issue.values.includes('true')
        ? `must be ${KINDS['boolean']}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return 'is empty';
      return issue.inclusive === false
        ? `must be more than ${issue.minimum}`
        : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a URL such as https://HOST' : issue.message;
    case 'invalid_union': {
      // The last form of a union is the one that is written: a Secret or a text, a list or a text.
      const inner = issue.errors.at(-1)?.[0];
      return inner === undefined ? issue.message : problemOf(inner);
    }
    default:
      return issue.message;
  }
}
