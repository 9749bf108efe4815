/** Of some rounds the middle one: a noisy moment spoils a round, and not the measurement. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** The medians of what each round gives by name, without the first: it measures the compiler. */
export const mediansOf = async <Name extends string>(
  rounds: number,
  round: () => Promise<Readonly<Record<Name, number>>>,
): Promise<Readonly<Record<Name, number>>> => {
  await round();
  const measured: Readonly<Record<Name, number>>[] = [];
  for (let n = 0; n < rounds; n++) measured.push(await round());
  const names = Object.keys(measured[0] ?? {}) as Name[];
  return Object.fromEntries(
    names.map((name) => [name, median(measured.map((each) => each[name]))]),
  ) as Record<Name, number>;
};
