import { inspect } from 'node:util';

/** A secret that no template, log, JSON or inspection can show. Only `reveal()` gives it, inside an adapter. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    rememberSecret(value);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

const knownForms = new Set<string>();
let knownPattern: RegExp | null = null;

/**
 * Makes a value known to `redactText`: whatever a server, a driver or a program quotes of it is then hidden, in plain,
 * percent-encoded or base64 form. Of a URL, its password and the values of its query count. Words that ordinary texts
 * hold too (short, or letters alone) are left to the other rules: hiding `moodle` everywhere would help nobody.
 */
export function rememberSecret(value: string): void {
  for (const part of value.includes('://') ? secretParts(value) : [value]) {
    if (part.length < 8 || (part.length < 16 && !/\d/.test(part)) || !/[a-z]/i.test(part)) continue;
    const bytes = [part, ` ${part}`, `  ${part}`].map((text) => Buffer.from(text).toString('base64'));
    // What stands before shifts base64's letters: three phases, without the letters that neighbours share.
    const base64 = bytes.map((text, phase) => text.slice(phase === 0 ? 0 : phase + 1, -4));
    // Also as JSON quotes it.
    for (const form of [part, encodeURIComponent(part), JSON.stringify(part).slice(1, -1), ...base64])
      if (form.length >= 8) knownForms.add(form);
  }
  knownPattern = null;
}

function secretParts(url: string): string[] {
  const authority = /:\/\/([^/?#]*)@/.exec(url)?.[1] ?? '';
  const password = authority.includes(':') ? authority.slice(authority.indexOf(':') + 1) : authority;
  const query = /\?(.*)$/.exec(url)?.[1] ?? '';
  const values = query.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [password, ...values].flatMap((text) => [text, decoded(text)]);
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Finds every form of every secret known so far; null while there is none. Longest first. */
export function secretPattern(): RegExp | null {
  if (knownForms.size === 0) return null;
  knownPattern ??= new RegExp(
    [...knownForms]
      .sort((a, b) => b.length - a.length)
      .map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('|'),
    'g',
  );
  return knownPattern;
}
