import type { Interfaces } from '@oclif/core';
import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import { keepHeapSteady } from '../../kit/adapters/process/steady-heap.js';
import { asOperatorError, messageOf, OperatorError, shownFailure } from '../../kit/errors/operator-error.js';
import { redactText } from '../../kit/config/redact.js';
import { harmlessJson, plainText, terminalText } from '../../kit/output/text.js';
import { Context } from './context.js';
import { ExitStatus } from './exit-status.js';
import { withMeant } from './meant-flags.js';
import { listenToSignals } from './signals.js';
import { hasConfiguration } from './configuration.js';
import { isUnwatched, Night } from './night.js';
import type { Speaker } from './speaker.js';
import { nameConfiguration } from '../../kit/named-configuration.js';
import { languageOf, showIn } from '../../kit/language.js';
import { describeCode } from '../../kit/errors/describe-code.js';
import { words } from './words.js';
import { configurationTexts } from '../../kit/errors/configuration.js';

/**
 * What all commands share: flags, signals, one way to fail. A command parses its flags in `execute`,
 * calls one use case and renders the result; it returns an exit status.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    config: Flags.string({ description: 'configuration file', helpValue: 'FILE', helpGroup: 'GLOBAL' }),
    json: Flags.boolean({ description: 'print JSON on standard output (docs/json.md)', helpGroup: 'GLOBAL' }),
    'log-level': Flags.option({
      options: ['error', 'warn', 'info', 'debug'] as const,
      description: 'how much the log says',
      helpGroup: 'GLOBAL',
    })(),
    'log-file': Flags.string({ description: 'write the log there', helpValue: 'FILE', helpGroup: 'GLOBAL' }),
    lang: Flags.option({
      options: ['en', 'fr'] as const,
      description: 'language of what is shown (default: the locale)',
      helpGroup: 'GLOBAL',
    })(),
    'no-progress': Flags.boolean({ description: 'no progress bar', helpGroup: 'GLOBAL' }),
  };

  /** Commands that need no bbb2pod.toml set this to false. */
  protected readonly configurationRequired: boolean = true;

  /** Where none is needed, one that nobody named and that cannot be used is passed over. */
  protected readonly passesOverConfiguration: boolean = true;

  /** Commands that do something leave a log of each run in `[log] directory`, where one is set. */
  protected readonly keepsLog: boolean = false;

  /** Commands that do a long work: started without a terminal they leave a line in `migrate status`, and may mail. */
  protected readonly isBatch: boolean = false;

  /**
   * Which coded texts it loads at once: those of every room, or only those beside the code that it uses. `own` is for
   * what cron starts every minute; the others come when something failed.
   */
  protected readonly texts: 'all' | 'own' = 'all';

  #context: Context | undefined;
  #night: Night | undefined;
  #json = false;
  #progress = true;
  readonly #signals = listenToSignals();

  /** The command's work. Returns its exit status; throws OperatorError on failure. */
  protected abstract execute(): Promise<ExitStatus>;

  /** Opens the context from the parsed flags; once per command. */
  protected openContext(flags: {
    config?: string | undefined;
    json: boolean;
    'log-level'?: 'error' | 'warn' | 'info' | 'debug' | undefined;
    'log-file'?: string | undefined;
    'no-progress': boolean;
    dry?: boolean;
    apply?: boolean;
    inventory?: string | undefined;
  }): Context {
    if (this.isBatch && flags.dry !== true && flags.apply !== false && isUnwatched())
      this.#night = new Night(this.#typed());
    nameConfiguration(flags.config, flags.inventory);
    this.#json = flags.json;
    this.#progress = !flags.json && !flags['no-progress'];
    this.#context = new Context({
      configFile: flags.config,
      configurationRequired: this.configurationRequired,
      logLevel: flags['log-level'],
      logFile: flags['log-file'],
      logged: this.keepsLog ? this.#described() : undefined,
      signal: this.#signals.signal,
      ...(this.passesOverConfiguration
        ? { onIgnored: (reason: OperatorError) => this.#tellIgnored(reason) }
        : {}),
      onLoaded: (context) => {
        this.#night?.begin(context);
        this.#tellConfiguration(context.loaded.file);
      },
    });
    return this.#context;
  }

  /**
   * A batch that was typed wrongly, by a timer that nobody watches, is told as one that failed. Nothing is read of a line
   * that cannot be parsed but which configuration it names, and that it was to act.
   */
  #openForNight(): void {
    const isTyped = (...words: string[]): boolean =>
      this.argv.some((word) => words.includes(word.split('=')[0] ?? ''));
    // A command that has no flag of its own has no flags at all here.
    const acts = !('apply' in { ...this.ctor.flags }) || isTyped('--apply');
    if (this.#context !== undefined || !acts || isTyped('--dry', '--dry-run', '-n')) return;
    const config = typedValue(this.argv, '--config');
    if (!hasConfiguration(config)) return;
    const context = this.openContext({ config, json: isTyped('--json'), 'no-progress': true });
    try {
      // The line of its beginning; the one of its end is written when all is closed.
      if (this.#night !== undefined) context.read();
    } catch {
      // Told by the night itself.
    }
  }

  /**
   * One that lies in the current directory is found before the machine's: whoever looks must see which it is. A pass of
   * cron that has nothing to say stays silent, or there is a mail of each.
   */
  #tellConfiguration(file: string | null): void {
    if (file !== null && (this.isBatch || process.stderr.isTTY)) this.say(words.configuration({ file }));
  }

  #tellIgnored(reason: OperatorError): void {
    const { text, remedy } = describeCode('config-ignored', { detail: shownFailure(reason).text });
    this.say(`${plainText(redactText(text))}\n  -> ${plainText(remedy)}`);
  }

  #typed(): string {
    return `${(this.id ?? '').replaceAll(':', ' ')} ${this.argv.join(' ')}`.trimEnd();
  }

  /** How a run's log names and begins it. */
  #described(): { name: string; line: string } {
    const id = this.id ?? '';
    return { name: id.replaceAll(':', '-'), line: `${this.config.userAgent}: ${this.#typed()}` };
  }

  /** The result, on standard output. */
  protected print(text: string): void {
    const harmless = terminalText(text);
    process.stdout.write(harmless.endsWith('\n') ? harmless : `${harmless}\n`);
  }

  /** One JSON document (or one line of a batch), on standard output. */
  protected printJson(value: unknown, indent = 2): void {
    this.print(harmlessJson(value, indent === 0 ? undefined : indent));
  }

  /** The talk, on standard error. A closed terminal (EIO) is no reason to stop. */
  protected say(text: string): void {
    process.stderr.write(`${terminalText(text)}\n`);
    this.#context?.repeat(text);
  }

  /** Whatever is wrong on the command line is a usage error, also what a flag's own parser says. */
  protected override async parse<F extends OutputFlags, B extends OutputFlags, A extends OutputArgs>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    try {
      return await super.parse(options, argv);
    } catch (error) {
      const [headline = '', ...lines] = messageOf(error).split('\n');
      const [below = ''] = lines;
      // What a flag's own parser says stands below a headline of oclif, which alone may name the flag.
      const flag = /^Parsing (--[\w-]+)/.exec(headline)?.[1];
      const said = (flag !== undefined ? below : withList(headline, lines)).trim().replace(/\.$/, '');
      const detail = flag === undefined || said.includes(flag) ? said : `${flag}: ${said}`;
      throw configurationTexts.usageInvalid({ detail: `${withMeant(detail, this.#flagNames())}.` });
    }
  }

  /** Of the flags that are offered. */
  #flagNames(): string[] {
    const { flags, baseFlags } = this.ctor;
    return Object.entries({ ...baseFlags, ...flags })
      .filter(([, { hidden }]) => hidden !== true)
      .flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  }

  /** The remedy of a usage error, the help of the command that was typed; null for any other. */
  #helpFor({ code }: OperatorError): string | null {
    return code === 'usage-invalid' && this.id !== undefined
      ? `bbb2pod ${this.id.replaceAll(':', ' ')} --help`
      : null;
  }

  /** How the wiring of a use case talks to the operator. */
  protected get speaker(): Speaker {
    return {
      json: this.#json,
      progress: this.#progress,
      print: (text) => this.print(text),
      printJson: (value, indent) => this.printJson(value, indent),
      say: (text) => this.say(text),
    };
  }

  override async run(): Promise<void> {
    keepHeapSteady();
    process.stderr.on('error', () => undefined);
    showIn(languageOf(process.env, typedValue(this.argv, '--lang')));
    let status: ExitStatus;
    let error: OperatorError | null = null;
    try {
      if (this.texts === 'all') await import('./catalog.js');
      status = await this.execute();
    } catch (thrown) {
      await import('./catalog.js');
      error = failureOf(thrown);
      if (error.code === 'usage-invalid') this.#openForNight();
      status = this.#fail(thrown);
    } finally {
      await this.#close();
    }
    if (this.#context !== undefined)
      await this.#night?.end(
        this.#context,
        status,
        error && { code: error.code, message: error.message, remedy: this.#helpFor(error) ?? error.remedy },
      );
    this.#context?.repeat(`ended with status ${status}`);
    this.exit(status);
  }

  async #close(): Promise<void> {
    try {
      await this.#context?.close();
    } catch (error) {
      const detail = plainText(redactText(messageOf(error)));
      this.say(words.whileClosing({ detail }));
    }
    this.#signals.stop();
  }

  #fail(thrown: unknown): ExitStatus {
    const error = failureOf(thrown);
    if (error.code === 'internal-fault')
      this.#context?.log(
        'debug',
        thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      );
    const message = plainText(redactText(error.message));
    const help = this.#helpFor(error);
    const remedy = help ?? plainText(redactText(error.remedy));
    if (this.#json || this.argv.includes('--json'))
      this.printJson({ error: { code: error.code, message, remedy } }, 0);
    const shown = shownFailure(error);
    this.say(words.error({ code: error.code, text: plainText(redactText(shown.text)) }));
    const shownRemedy = help ?? plainText(redactText(shown.remedy));
    if (shownRemedy !== '') this.say(`  -> ${shownRemedy}`);
    return error.exitStatus;
  }
}

/** oclif's headline with what it lists below it, in one line: names of words that miss, rules between flags. */
function withList(headline: string, lines: readonly string[]): string {
  if (!headline.endsWith(':')) return headline;
  const listed = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('See more help'))
    .map((line) => line.trim().replace(/^(\S+) {2,}(.*)$/, '$1 ($2)'));
  return [headline.replace(/^The following errors? occurred:$/, ''), listed.join('; ')].join(' ');
}

/** A flag's value as it was typed: also what is wrong with the other flags is said in its language. */
function typedValue(words: readonly string[], flag: string): string | undefined {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  return at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1]);
}

/* What oclif's own `parse` is generic over, which it does not export. */
type OutputFlags = Record<string, unknown>;
type OutputArgs = Record<string, unknown>;

/** Aborts carry the reason of whoever aborted: a signal, a time limit. */
const failureOf = (thrown: unknown): OperatorError =>
  asOperatorError(isAbort(thrown) && thrown.cause instanceof OperatorError ? thrown.cause : thrown);

const isAbort = (thrown: unknown): thrown is Error => thrown instanceof Error && thrown.name === 'AbortError';

export { ExitStatus };
