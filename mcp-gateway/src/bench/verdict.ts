/** A promise, and what was measured of it. */
export type Verdict = {
  readonly what: string;
  readonly ratio: number;
  readonly bound: string;
  readonly holds: boolean;
};

export const atLeast = (bound: number, what: string, ratio: number): Verdict => ({
  what,
  ratio,
  bound: `≥ ${bound.toFixed(2)}`,
  holds: ratio >= bound,
});

export const atMost = (bound: number, what: string, ratio: number): Verdict => ({
  what,
  ratio,
  bound: `≤ ${bound.toFixed(2)}`,
  holds: ratio <= bound,
});

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
