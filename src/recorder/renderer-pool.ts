import type { BrowserSession, SceneRenderer } from './ports.js';

/**
 * Renderers for lanes that draw now and then, and encode most of the time: one serves several. While
 * somebody waits, another one is opened every so often, up to one for each lane: a browser costs half a CPU second and
 * 150 MB.
 */
export class RendererPool {
  readonly #free: SceneRenderer[] = [];
  readonly #waiting: Waiter[] = [];
  #opened = 0;
  /** Runs while somebody waits. */
  #timer: NodeJS.Timeout | undefined;
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
      this.#waiting.push({ serve: resolve, refuse: reject });
      if (this.#opened === 0) this.#open();
      this.#timer ??= setInterval(() => this.#open(), this.facts.patienceMs).unref();
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

  #waitNoMore(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #refuse(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    for (const { refuse } of this.#waiting.splice(0)) refuse(error);
    this.#waitNoMore();
  }

  #giveBack(renderer: SceneRenderer): void {
    const next = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#waitNoMore();
    if (next !== undefined) next.serve(renderer);
    else if (this.#ended) close(renderer);
    else this.#free.push(renderer);
  }
}

const ENDED = new Error('no picture is drawn any more');

interface Waiter {
  readonly serve: (renderer: SceneRenderer) => void;
  readonly refuse: (error: Error) => void;
}

/** Nobody waits for it to end while the last segments are encoded. */
const close = (renderer: SceneRenderer): void => void renderer.close().catch(() => undefined);
