import type { Readable, Writable } from 'node:stream';
import type { CDPEvents, CDPSession } from 'puppeteer';

/** One page, or the browser itself, as the DevTools Protocol has it. */
export interface DevtoolsSession {
  /** @throws Error what the browser says; that it does not answer, or has ended */
  readonly send: CDPSession['send'];
  on<Name extends keyof CDPEvents>(event: Name, listener: (parameters: CDPEvents[Name]) => void): void;
  once<Name extends keyof CDPEvents>(event: Name, listener: (parameters: CDPEvents[Name]) => void): void;
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: object;
  readonly result?: object;
  readonly error?: { readonly message: string };
}

interface Question {
  readonly session: string;
  readonly resolve: (answer: object) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

type Listener = (parameters: object) => void;

/**
 * The DevTools Protocol over a browser's pipe (`--remote-debugging-pipe`: JSON messages that end with a zero byte, to its
 * descriptor 3 and from its descriptor 4). All that drawing needs: puppeteer, which does far more, takes longer to load
 * than the browser to start.
 */
export class Devtools {
  readonly #questions = new Map<number, Question>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #toBrowser: Writable;
  readonly #answerTimeoutMs: number;
  #serial = 0;
  #ended: Error | null = null;

  constructor(
    pipe: { readonly toBrowser: Writable; readonly fromBrowser: Readable },
    answerTimeoutMs: number,
  ) {
    this.#toBrowser = pipe.toBrowser;
    this.#answerTimeoutMs = answerTimeoutMs;
    let begun: Buffer[] = [];
    pipe.fromBrowser.on('data', (chunk: Buffer) => {
      let from = 0;
      for (let at = chunk.indexOf(0); at !== -1; at = chunk.indexOf(0, from)) {
        begun.push(chunk.subarray(from, at));
        const text = Buffer.concat(begun).toString('utf8');
        begun = [];
        from = at + 1;
        this.#receive(JSON.parse(text) as Message);
      }
      if (from < chunk.length) begun.push(chunk.subarray(from));
    });
    const end = (): void => this.end('the browser ended');
    pipe.fromBrowser.on('close', end).on('error', end);
    pipe.toBrowser.on('error', end);
  }

  /** The browser itself. */
  readonly root: DevtoolsSession = this.#session('');

  /** A target, such as a page. */
  async attach(targetId: string): Promise<DevtoolsSession> {
    const { sessionId } = await this.root.send('Target.attachToTarget', { targetId, flatten: true });
    return this.#session(sessionId);
  }

  /** Whoever waits for an answer, or asks later, is told this. */
  end(reason: string): void {
    this.#ended ??= new Error(reason);
    for (const id of this.#questions.keys()) this.#take(id)?.reject(this.#ended);
  }

  #session(session: string): DevtoolsSession {
    const listen = (event: string, listener: Listener): void => {
      const key = keyOf(session, event);
      this.#listeners.set(key, (this.#listeners.get(key) ?? new Set()).add(listener));
    };
    return {
      send: (method: string, parameters?: object) => this.#ask(session, method, parameters),
      on: (event, listener) => listen(event, listener as Listener),
      once: (event, listener) => {
        const first: Listener = (parameters) => {
          this.#listeners.get(keyOf(session, event))?.delete(first);
          (listener as Listener)(parameters);
        };
        listen(event, first);
      },
    };
  }

  #ask(session: string, method: string, parameters: object = {}): Promise<object> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      const id = ++this.#serial;
      const timer = setTimeout(
        () => this.#take(id)?.reject(new Error(`${method}: no answer in ${this.#answerTimeoutMs / 1000} s`)),
        this.#answerTimeoutMs,
      );
      this.#questions.set(id, { session, resolve, reject, timer });
      const message = { id, method, params: parameters, ...(session === '' ? {} : { sessionId: session }) };
      this.#toBrowser.write(`${JSON.stringify(message)}\0`);
    });
  }

  #receive({ id, sessionId = '', method, params = {}, result = {}, error }: Message): void {
    if (id !== undefined) {
      const question = this.#take(id);
      if (error === undefined) question?.resolve(result);
      else question?.reject(new Error(error.message));
      return;
    }
    if (method === undefined) return;
    if (method === 'Target.detachedFromTarget')
      this.#leave((params as CDPEvents['Target.detachedFromTarget']).sessionId);
    for (const listener of this.#listeners.get(keyOf(sessionId, method)) ?? []) listener(params);
  }

  /** A page that has gone answers no more. */
  #leave(session: string): void {
    for (const [id, question] of this.#questions)
      if (question.session === session) this.#take(id)?.reject(new Error('the page has gone'));
  }

  #take(id: number): Question | undefined {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    clearTimeout(question?.timer);
    return question;
  }
}

const keyOf = (session: string, event: string): string => `${session} ${event}`;
