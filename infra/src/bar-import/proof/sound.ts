import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { PlacedBar } from '../series.ts';

/** By so much of the price an extreme may fall short of open or close: the dust of adjusted figures. */
const dust = 1e-4;

const mended = (bar: PlacedBar): PlacedBar => {
  const prices = [bar.open, bar.high, bar.low, bar.close];
  const highest = prices.reduce((most, price) => (Number(price) > Number(most) ? price : most));
  const lowest = prices.reduce((least, price) => (Number(price) < Number(least) ? price : least));
  return { ...bar, high: highest, low: lowest };
};

/** What is wrong with the figures of a bar, and whether a safe repair may mend it. */
const faultOf = (
  bar: PlacedBar,
): { readonly text: string; readonly mend: 'dust' | 'drop' | 'none' } | undefined => {
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(Number);
  if (open === undefined || high === undefined || low === undefined || close === undefined)
    return undefined;
  if (open === 0 || high === 0 || low === 0 || close === 0)
    return { text: 'has a price of nought', mend: 'drop' };
  if (open < 0 || high < 0 || low < 0 || close < 0)
    return { text: 'has a price below nought', mend: 'none' };
  const short = Math.max(Math.max(open, close, low) - high, low - Math.min(open, close, high));
  if (short <= 0) return undefined;
  return {
    text: 'has open or close outside low and high',
    mend: short <= dust * close ? 'dust' : 'none',
  };
};

/** Bars whose prices can have been; what was mended is told by line, and the rest refused or asked about. */
export const sound = (
  bars: readonly PlacedBar[],
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
): readonly PlacedBar[] =>
  bars.flatMap((bar) => {
    const fault = faultOf(bar);
    if (fault === undefined) return [bar];
    const { text, mend } = fault;
    if (mend === 'none') {
      findings.refused('prices', text, bar.line);
      return [];
    }
    const repair =
      mend === 'dust'
        ? 'high and low were widened by less than a ten-thousandth'
        : 'it was left out';
    if (options.repair === 'safe') {
      findings.told(`repair ${mend}`, `${text}: ${repair}`, bar.line);
      return mend === 'dust' ? [mended(bar)] : [];
    }
    findings.asked(
      `repair ${mend}`,
      `${text}: say --repair safe, by which ${repair.replace('was', 'is').replace('were', 'are')}`,
      bar.line,
    );
    return [];
  });
