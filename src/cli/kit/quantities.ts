import { configurationTexts } from '../../kit/errors/configuration.js';

const SIZE_UNITS: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** `20G` in bytes; also as it is shown, `20 GB` or `20Go`. @throws OperatorError usage-invalid */
export function parseSize(flag: string, text: string): number {
  const match = /^(\d+(?:[.,]\d+)?)\s?([kKMGT]?)[oB]?$/.exec(text);
  if (match === null)
    throw configurationTexts.usageInvalid({ detail: `--${flag} ${text}: give a size such as 20G.` });
  return Number(match[1]?.replace(',', '.')) * (SIZE_UNITS[(match[2] ?? '').replace('K', 'k')] ?? 1);
}

const TIME_UNITS: Record<string, number> = { s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const AGE_DAYS: Record<string, number> = { s: 1 / 86_400, h: 1 / 24, d: 1, mo: 30, y: 365 };

/** `1y`, `6mo` or `30d` in milliseconds; `m` could be minutes as well as months. @throws OperatorError usage-invalid */
export function parseAge(flag: string, text: string): number {
  const match = /^(\d+)(s|h|d|mo|y)$/.exec(text);
  if (match === null)
    throw configurationTexts.usageInvalid({
      detail: `--${flag} ${text}: give an age such as 1y, 6mo or 30d.`,
    });
  return Number(match[1]) * (AGE_DAYS[match[2] ?? ''] ?? 1) * 86_400_000;
}

/** `8h` in milliseconds. @throws OperatorError usage-invalid */
export function parseTimeSpan(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|min|m|h|d)$/.exec(text);
  if (match === null)
    throw configurationTexts.usageInvalid({
      detail: `--${flag} ${text}: give a duration such as 8h or 30min.`,
    });
  return Number(match[1]) * (TIME_UNITS[match[2] ?? ''] ?? 1);
}
