import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { PlacedBar } from '../series.ts';
import type { DeclaredSplit } from './splits.ts';

/** A payment as `dividends.csv` declares it: dollars per share of the file's last day. */
export type DeclaredDividend = { readonly date: string; readonly amount: string };

type Payment = { readonly index: number; readonly bar: PlacedBar; readonly share: number };

/** Natural logarithm of the odds from which a likelihood counts as proof: 400 to 1. */
const proof = 6;
const places = 6;

const overnight = (bars: readonly PlacedBar[], index: number): number =>
  Number(bars[index]?.open) / Number(bars[index - 1]?.close) - 1;

/** How much likelier the nights before payments are with the payment outside the prices than inside. */
const oddsOfRaw = (bars: readonly PlacedBar[], payments: readonly Payment[]): number => {
  const moves = bars.slice(1).map((_, i) => overnight(bars, i + 1));
  const usual = moves.filter((move) => Math.abs(move) < 0.2).sort((a, b) => a - b);
  const variance = usual.reduce((sum, move) => sum + move * move, 0) / Math.max(1, usual.length);
  if (variance === 0) return 0;
  return payments.reduce((sum, { index, share }) => {
    const move = overnight(bars, index);
    return sum + (move * move - (move + share) ** 2) / (2 * variance);
  }, 0);
};

/** Whether the adjusted close beside the close shows the payments: then the close is without them. */
const adjustedShows = (
  bars: readonly PlacedBar[],
  payments: readonly Payment[],
): boolean | undefined => {
  const factor = (index: number) => Number(bars[index]?.adjusted) / Number(bars[index]?.close);
  const shown = payments.filter(({ index, share }) => {
    const step = factor(index - 1) / factor(index);
    return Math.abs(step - (1 - share)) < Math.max(1e-4, share / 5);
  });
  const hidden = payments.filter(
    ({ index }) => Math.abs(factor(index - 1) / factor(index) - 1) < 1e-6,
  );
  if (shown.length > payments.length * 0.9) return true;
  return hidden.length > payments.length * 0.9 ? false : undefined;
};

/** An amount in shares of the last day, at most six places deep. */
const inLastShares = (payment: Payment, splits: readonly DeclaredSplit[]): string => {
  const later = splits.filter(({ index }) => index > payment.index);
  const text = payment.bar.dividend ?? '0';
  if (later.length === 0 && (text.split('.')[1]?.length ?? 0) <= places) return text;
  const amount = later.reduce(
    (sum, { newShares, oldShares }) => (sum * oldShares) / newShares,
    Number(text),
  );
  return amount.toFixed(places).replace(/\.?0+$/, '');
};

const settled = (
  bars: readonly PlacedBar[],
  payments: readonly Payment[],
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
): 'in-price' | 'paid' | undefined => {
  if (options.dividends !== undefined) {
    findings.told(
      'dividends',
      `its ${payments.length} dividends are ${options.dividends === 'paid' ? 'to be paid' : 'in the prices'} as told`,
    );
    return options.dividends;
  }
  const shown = adjustedShows(bars, payments);
  const odds = oddsOfRaw(bars, payments);
  if (shown === true || (shown === undefined && odds > proof)) {
    findings.proved(
      'dividends',
      `prices are not adjusted for its ${payments.length} dividends: they go into dividends.csv`,
    );
    return 'paid';
  }
  if (odds < -proof) {
    findings.proved(
      'dividends',
      `prices are adjusted for its ${payments.length} dividends: none is paid again`,
    );
    return 'in-price';
  }
  findings.asked(
    'dividends',
    `its prices do not show whether its ${payments.length} dividends lie in them: say --dividends in-price or --dividends paid`,
  );
  return undefined;
};

/** What an adjusted close says where no column names the payments. */
const tellAdjusted = (bars: readonly PlacedBar[], findings: Findings): void => {
  const differs = bars.filter(
    ({ adjusted, close }) =>
      adjusted !== undefined && Math.abs(Number(adjusted) / Number(close) - 1) > 1e-6,
  ).length;
  if (differs > 0)
    findings.told(
      'adjusted',
      `the close is taken, and not the adjusted close, which differs on ${differs} bars: declare what was paid in dividends.csv`,
    );
};

/** Holds a column of dividends against the prices: those outside the prices are declared. */
export const settleDividends = (
  bars: readonly PlacedBar[],
  splits: readonly DeclaredSplit[],
  context: { readonly options: ImportOptions; readonly findings: Findings },
): {
  readonly declared: readonly DeclaredDividend[];
  readonly are: 'in-price' | 'paid' | undefined;
} => {
  const payments = bars.flatMap((bar, index): readonly Payment[] =>
    bar.dividend === undefined || index === 0
      ? []
      : [{ index, bar, share: Number(bar.dividend) / Number(bars[index - 1]?.close) }],
  );
  if (payments.length === 0) {
    tellAdjusted(bars, context.findings);
    return { declared: [], are: undefined };
  }
  const are = settled(bars, payments, context);
  const declared =
    are === 'paid'
      ? payments.map((payment) => ({
          date: payment.bar.date,
          amount: inLastShares(payment, splits),
        }))
      : [];
  return { declared, are };
};
