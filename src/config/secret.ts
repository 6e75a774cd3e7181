import { inspect } from 'node:util';

/** A secret that no template, log, JSON or inspection can show. Only `reveal()` gives it, inside an adapter's door. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
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
