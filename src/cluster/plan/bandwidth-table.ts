export interface BandwidthCell {
  readonly viewers: number;
  readonly rate: number;
  /** bits per second, media alone. */
  readonly flow: number;
  /** What the page of 2021 printed there, when it differs. */
  readonly printed: number | null;
}

/**
 * Rate by viewers, as streaming-cluster's page prints it, computed. That page doubled two cells of its last
 * column: 35 and 50 Gb/s are what 10,000 viewers draw. With 10 Gb/s nodes at 3.5 Mb/s and 70 % of a link,
 * 5,000 viewers take 4 nodes where the printed figure would buy 7.
 */
export function bandwidthTable(
  rates: readonly number[] = [1e6, 2e6, 3.5e6, 5e6],
  viewers: readonly number[] = [1, 100, 1000, 5000],
): BandwidthCell[][] {
  return rates.map((rate) =>
    viewers.map((count) => ({
      rate,
      viewers: count,
      flow: rate * count,
      printed: count === 5000 ? (PRINTED[rate] ?? null) : null,
    })),
  );
}

const PRINTED: Readonly<Record<number, number>> = { 3.5e6: 35e9, 5e6: 50e9 };
