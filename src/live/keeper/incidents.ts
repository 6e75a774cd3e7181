import type { Incident, IncidentCode } from './keeper-port.js';

/** What is wrong with a live right now, each with the moment it began; logged when it begins. */
export class Incidents {
  readonly #open = new Map<IncidentCode, Incident>();
  readonly #log: (message: string) => void;
  readonly #now: () => number;

  constructor(log: (message: string) => void, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** It is so (the first detail counts), or with null: it is not, or no more. */
  set(code: IncidentCode, detail: string | null): void {
    if (detail === null) this.#open.delete(code);
    else if (!this.#open.has(code)) {
      this.#open.set(code, { code, detail, since: this.#now() });
      this.#log(`${code}: ${detail}`);
    }
  }

  clear(...codes: IncidentCode[]): void {
    for (const code of codes) this.#open.delete(code);
  }

  get list(): Incident[] {
    return [...this.#open.values()];
  }
}
