/** How sure the import is: the data shows it, a default is told, an answer is asked for, or it cannot be. */
export type Standing = 'proved' | 'told' | 'asked' | 'refused';

/** One thing found out about one source. */
export type Finding = {
  readonly source: string;
  /** Of the source, from 1; 0 for the source as a whole. */
  readonly line: number;
  readonly is: Standing;
  /** What kind of thing it is: findings of one kind are told three times and then counted. */
  readonly about: string;
  readonly text: string;
  /** How many lines it holds for. */
  readonly count: number;
};

const toldOfAKind = 3;

/** Collects what is found out about one source. */
export const findingsOf = (source: string) => {
  const told: Finding[] = [];
  const counts = new Map<string, number>();
  const add = (is: Standing, about: string, [line, text]: readonly [number, string]): void => {
    const kind = `${is} ${about}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= toldOfAKind) told.push({ source, line, is, about, text, count });
  };
  return {
    proved: (about: string, text: string) => add('proved', about, [0, text]),
    told: (about: string, text: string, line = 0) => add('told', about, [line, text]),
    /** The text names the flag that answers. */
    asked: (about: string, text: string, line = 0) => add('asked', about, [line, text]),
    refused: (about: string, text: string, line = 0) => add('refused', about, [line, text]),
    stands: (): boolean => !told.some(({ is }) => is === 'asked' || is === 'refused'),
    list: (): readonly Finding[] =>
      told.map((finding) => ({
        ...finding,
        count: counts.get(`${finding.is} ${finding.about}`) ?? 1,
      })),
  };
};
export type Findings = ReturnType<typeof findingsOf>;

/** A finding as one line for people. */
export const sentenceOf = ({ source, line, text, count }: Finding): string => {
  const where = line === 0 ? source : `${source} line ${line}`;
  return `${where}: ${text}${count > toldOfAKind ? ` (${count} such lines)` : ''}`;
};
