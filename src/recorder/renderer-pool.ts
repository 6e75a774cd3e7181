import type { BrowserSession, SceneRenderer } from './ports.js';

/**
 * Renderers for lanes that draw now and then, and encode most of the time: one serves several. Another one is opened
 * when somebody has waited for that long, up to one for each lane: a browser costs half a CPU second and 150 MB.
 */
export class RendererPool {
  readonly #free: SceneRenderer[] = [];
  readonly #waiting: Waiter[] = [];
  #opened = 0;
  #ended = false;

  constructor(
    readonly session: Pick<BrowserSession, 'openRenderer'>,
    readonly facts: { readonly most: number; readonly patienceMs: number },
  ) {}

  /** Works with a renderer that nobody else uses meanwhile. */
  async use<T>(work: (renderer: SceneRenderer) => Promise<T>): Promise<T> {
    const renderer = await this.#take();
    try {
      return await work(renderer);
    } finally {
      this.#giveBack(renderer);
    }
  }

  /** Nothing more will be drawn: who waits is refused, and renderers close as they come free. */
  end(): void {
    this.#ended = true;
    this.#refuse(ENDED);
    for (const renderer of this.#free.splice(0)) close(renderer);
  }

  #take(): Promise<SceneRenderer> {
    const renderer = this.#free.pop();
    if (renderer !== undefined) return Promise.resolve(renderer);
    if (this.#ended) return Promise.reject(ENDED);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#open(), this.facts.patienceMs).unref();
      this.#waiting.push({
        serve: (free) => {
          clearTimeout(timer);
          resolve(free);
        },
        refuse: (reason) => {
          clearTimeout(timer);
          reject(reason instanceof Error ? reason : new Error(String(reason)));
        },
      });
      if (this.#opened === 0) this.#open();
    });
  }

  #open(): void {
    if (this.#ended || this.#opened >= this.facts.most) return;
    this.#opened++;
    this.session.openRenderer().then(
      (renderer) => this.#giveBack(renderer),
      (error: unknown) => {
        // One more would have been faster; without any, nothing is drawn.
        if (--this.#opened === 0) this.#refuse(error);
      },
    );
  }

  #refuse(reason: unknown): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(reason);
  }

  #giveBack(renderer: SceneRenderer): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next.serve(renderer);
    else if (this.#ended) close(renderer);
    else this.#free.push(renderer);
  }
}

const ENDED = new Error('no picture is drawn any more');

interface Waiter {
  readonly serve: (renderer: SceneRenderer) => void;
  readonly refuse: (reason: unknown) => void;
}

/** Nobody waits for it to end while the last segments are encoded. */
const close = (renderer: SceneRenderer): void => void renderer.close().catch(() => undefined);
