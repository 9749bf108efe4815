import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { PlacedBar } from '../series.ts';

const keyOf = ({ date, startMs }: PlacedBar): number | string => startMs ?? date;

const figuresOf = ({ open, high, low, close, volume }: PlacedBar): string =>
  [open, high, low, close, volume].map(Number).join();

const compare = (a: PlacedBar, b: PlacedBar): number => {
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Bars oldest first, each time once. */
export const inOrder = (
  bars: readonly PlacedBar[],
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
): readonly PlacedBar[] => {
  const steps = bars.slice(1).map((bar, i) => compare(bars[i] ?? bar, bar));
  const backwards = steps.filter((step) => step > 0).length;
  if (backwards > 0)
    findings.told(
      'order',
      backwards >= steps.length - 1
        ? 'ran newest first, and was turned round'
        : `${backwards} bars stood before older ones, and were sorted`,
    );
  const sorted = backwards === 0 ? bars : [...bars].sort(compare);
  const kept: PlacedBar[] = [];
  for (const bar of sorted) {
    const before = kept.at(-1);
    if (before === undefined || keyOf(before) !== keyOf(bar)) kept.push(bar);
    else if (figuresOf(before) !== figuresOf(bar))
      findings.refused(
        'twice',
        `has other figures than line ${before.line} for the same time`,
        bar.line,
      );
    else if (options.repair === 'safe')
      findings.told('twice', `repeats line ${before.line}, and was left out`, bar.line);
    else
      findings.asked(
        'twice',
        `repeats line ${before.line}: say --repair safe to leave it out`,
        bar.line,
      );
  }
  return kept;
};
