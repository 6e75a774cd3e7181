import { Flags, type Interfaces } from '@oclif/core';
import { dryFlag, rangeFlags } from '../kit/flags.js';
import type { ConvertOptions } from '../../recorder/convert-options.js';
import { encoderNames, layoutNames } from '../../kit/config/sections/recorder.js';
import { configurationTexts } from '../../kit/errors/configuration.js';

const PICTURE = 'PICTURE';
const SOURCE = 'SOURCE';

/** What is laid over `[recorder]`. */
const conversionFlags = {
  output: Flags.string({ char: 'o', description: 'file, or directory for several', helpValue: 'FILE' }),
  jobs: Flags.integer({ min: 1, max: 16, description: 'recordings side by side' }),
  force: Flags.boolean({ default: false, description: 'make files again that are there already' }),
  engine: Flags.option({
    options: ['files', 'player'] as const,
    default: 'files' as const,
    description: "drawn from the files, or the server's own player filmed step by step",
    helpGroup: PICTURE,
  })(),
  archive: Flags.boolean({
    description: 'a JSON beside each file (owner, course, date); what has one is not taken again',
    exclusive: ['queue'],
  }),
  layout: Flags.option({
    options: layoutNames,
    description: 'what is shown, and where',
    helpGroup: PICTURE,
  })(),
  size: Flags.string({
    description: '640x360 to 3840x2160',
    helpValue: 'WxH',
    helpGroup: PICTURE,
    parse: checkSize,
  }),
  background: Flags.option({ options: ['light', 'dark'] as const, helpGroup: PICTURE })(),
  chat: Flags.boolean({ description: 'a column with the chat', allowNo: true, helpGroup: PICTURE }),
  anonymous: Flags.boolean({
    description: 'numbers instead of names in the chat',
    default: false,
    helpGroup: PICTURE,
  }),
  from: Flags.string({
    description: 'only from that second on (or h:mm:ss)',
    helpValue: 'SECONDS',
    helpGroup: PICTURE,
    parse: checkTime,
  }),
  to: Flags.string({
    description: 'only up to that second (or h:mm:ss)',
    helpValue: 'SECONDS',
    helpGroup: PICTURE,
    parse: checkTime,
  }),
  preset: Flags.option({
    options: ['fast', 'balanced', 'small'] as const,
    description: 'speed against size of the file',
    helpGroup: PICTURE,
  })(),
  encoder: Flags.option({
    options: encoderNames,
    description: 'a device that passes a test, or software',
    helpGroup: PICTURE,
  })(),
  format: Flags.option({ options: ['mp4', 'webm'] as const, helpGroup: PICTURE })(),
  crf: Flags.integer({ min: 0, max: 63, description: 'quality: lower is better', helpGroup: PICTURE }),
  'video-bitrate': Flags.integer({ min: 50, description: 'kbit/s instead of a quality', helpGroup: PICTURE }),
  'audio-only': Flags.boolean({ description: 'the sound alone', default: false, helpGroup: PICTURE }),
  'audio-offset': Flags.integer({
    description: 'milliseconds by which the sound is late',
    helpGroup: PICTURE,
  }),
  language: Flags.string({ description: 'spoken language (fr, en, …)', helpGroup: PICTURE }),
  'allow-missing': Flags.boolean({
    description: 'make it also when slides, webcams or sound are missing on the server (status 3)',
    default: false,
  }),
  extras: Flags.boolean({
    description: 'captions (.vtt) and poster (.jpg) beside the file',
    default: true,
    allowNo: true,
  }),
  server: Flags.string({ description: 'only that [bbb.NAME]', helpGroup: SOURCE }),
  'cookie-file': Flags.string({
    description: 'cookies.txt of a browser',
    helpValue: 'FILE',
    helpGroup: SOURCE,
  }),
  'header-file': Flags.string({ description: 'lines NAME: VALUE', helpValue: 'FILE', helpGroup: SOURCE }),
  insecure: Flags.boolean({ description: 'accept any certificate', helpGroup: SOURCE }),
  untrusted: Flags.boolean({
    description: 'the URL comes from somebody else: no address of the inside but the configured ones',
    default: false,
    helpGroup: SOURCE,
  }),
};

/** oclif's type forgets that a flag with `--no-` may be given in neither form. */
type ConversionFlags = Omit<Interfaces.InferredFlags<typeof conversionFlags>, 'chat'> & {
  readonly chat: boolean | undefined;
};

/** Conversions that other servers do. */
const queueFlags = {
  queue: Flags.boolean({
    description: 'enqueue for the workers of [recorder] queue',
    helpGroup: 'QUEUE',
  }),
  resume: Flags.string({
    description: 'enqueue what Redis forgot of that run',
    helpValue: 'RUN|last',
    dependsOn: ['queue'],
    helpGroup: 'QUEUE',
  }),
  'retry-failed': Flags.boolean({
    description: 'try again what was set aside',
    dependsOn: ['queue'],
    helpGroup: 'QUEUE',
  }),
};

/** Everything that `recorder convert` takes. */
export const convertFlags = { ...conversionFlags, ...queueFlags, ...rangeFlags, ...dryFlag };

export type ConvertFlags = Interfaces.InferredFlags<typeof convertFlags>;

async function checkSize(text: string): Promise<string> {
  const [width = 0, height = 0] = text.split('x').map(Number);
  const fits = /^\d+x\d+$/.test(text) && width >= 640 && width <= 3840 && height >= 360 && height <= 2160;
  if (!fits) throw new Error(`--size ${text}: expected 640x360 to 3840x2160`);
  return text;
}

/** Seconds with decimals, `m:ss` or `h:mm:ss`, in milliseconds; null for anything else. */
function timeMs(text: string): number | null {
  if (!/^(?:\d+:[0-5]?\d:[0-5]?\d|\d+:[0-5]?\d|\d+)(?:\.\d+)?$/.test(text)) return null;
  return Math.round(text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);
}

async function checkTime(text: string): Promise<string> {
  if (timeMs(text) === null) throw new Error(`${text}: expected seconds (90, 12.5) or h:mm:ss`);
  return text;
}

/** @throws OperatorError usage-invalid */
function partOf({ from, to }: ConversionFlags): Pick<ConvertOptions, 'fromMs' | 'toMs'> {
  const [fromMs, toMs] = [from, to].map((text) => (text === undefined ? null : timeMs(text)));
  if (toMs != null && toMs <= (fromMs ?? 0))
    throw configurationTexts.usageInvalid({
      detail: `--to ${to ?? ''} is not after --from ${from ?? 0}.`,
    });
  return { fromMs: fromMs ?? null, toMs: toMs ?? null };
}

/** A filmed page is as it is; names above all cannot be taken out of it. @throws OperatorError usage-invalid */
function refuseForPlayer(flags: ConversionFlags): void {
  if (flags.engine !== 'player') return;
  const refused = [
    flags.layout !== undefined && flags.layout !== 'player' ? `--layout ${flags.layout}` : null,
    flags.background === 'dark' ? '--background dark' : null,
    flags.chat === false ? '--no-chat' : null,
    flags.anonymous ? '--anonymous' : null,
  ].filter((flag) => flag !== null);
  if (refused.length > 0)
    throw configurationTexts.usageInvalid({
      detail: `${refused.join(', ')} cannot be had with --engine player: it films the page as it is.`,
    });
}

/** Lays flags over the configured options. */
export function overrideOptions(defaults: ConvertOptions, flags: ConversionFlags): ConvertOptions {
  refuseForPlayer(flags);
  const layout = flags.engine === 'player' ? 'player' : (flags.layout ?? defaults.layout);
  const [width, height] = (flags.size ?? '').split('x').map((value) => Math.round(Number(value) / 2) * 2);
  return {
    ...defaults,
    engine: flags.engine,
    layout,
    size: width === undefined || height === undefined ? defaults.size : { width, height },
    background: flags.background ?? defaults.background,
    chat: flags.chat ?? layout === 'player',
    anonymous: flags.anonymous,
    preset: flags.preset ?? defaults.preset,
    encoder: flags.encoder ?? defaults.encoder,
    format: flags.format ?? defaults.format,
    crf: flags.crf ?? defaults.crf,
    bitrateKbps: flags['video-bitrate'] ?? defaults.bitrateKbps,
    audioOnly: flags['audio-only'],
    allowMissing: flags['allow-missing'],
    audioOffsetMs: flags['audio-offset'] ?? 0,
    language: flags.language ?? defaults.language,
    extras: flags.extras,
    ...partOf(flags),
  };
}
