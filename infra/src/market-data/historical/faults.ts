import { MarketDataUnavailable } from '@sentinel/contracts/market';

/** What is wrong with one line of a file, and the kind that it is counted under. */
export type Fault = {
  readonly file: string;
  /** Counted from 1; 0 for what is wrong with the file as a whole. */
  readonly line: number;
  readonly kind: string;
  /** A clause without a full stop; where there is a mend, it names it. */
  readonly problem: string;
  /** How many lines of the file have a fault of the kind. */
  readonly count: number;
};

/** Faults of one kind that are told in full; the rest are counted. */
const toldOfAKind = 3;

/** Collects what is wrong with a file, so that all of it is told at once and none of it floods. */
export const faultsOf = (file: string) => {
  const told: Fault[] = [];
  const counts = new Map<string, number>();
  return {
    add: (kind: string, line: number, problem: string): void => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count <= toldOfAKind) told.push({ file, line, kind, problem, count });
    },
    any: (): boolean => told.length > 0,
    list: (): readonly Fault[] =>
      told.map((fault) => ({ ...fault, count: counts.get(fault.kind) ?? 1 })),
  };
};
export type Faults = ReturnType<typeof faultsOf>;

const sentenceOf = ({ file, line, problem }: Fault): string =>
  line === 0 ? `${file}: ${problem}.` : `${file} line ${line}: ${problem}.`;

/** Bars that cannot be taken, with every fault that was found in them. */
export class UnfitBars extends MarketDataUnavailable {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(sentencesOf(faults).join('\n'));
    this.faults = faults;
  }
}

/** One sentence for each told fault, and after the last of a kind how many more there are. */
const sentencesOf = (faults: readonly Fault[]): readonly string[] =>
  faults.map((fault, i) => {
    const told = faults.filter(({ file, kind }) => file === fault.file && kind === fault.kind);
    const next = faults[i + 1];
    const isLast = next === undefined || next.file !== fault.file || !told.includes(next);
    const more = fault.count - told.length;
    if (!isLast || more <= 0) return sentenceOf(fault);
    return `${sentenceOf(fault)} ${fault.file} has ${more} more such line${more === 1 ? '' : 's'}.`;
  });

/** @throws UnfitBars when there are any */
export const refuseFaults = (faults: readonly Fault[]): void => {
  if (faults.length > 0) throw new UnfitBars(faults);
};

/** One fault alone: whoever reads this opens the file at that line. */
export const badData = (file: string, line: number, problem: string): UnfitBars =>
  new UnfitBars([{ file, line, kind: problem, problem, count: 1 }]);

/** What `read` throws of faults goes among `faults`; anything else goes on. */
export const collectingFaults = (faults: Fault[], read: () => void): void => {
  try {
    read();
  } catch (error) {
    if (!(error instanceof UnfitBars)) throw error;
    faults.push(...error.faults);
  }
};
