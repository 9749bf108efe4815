import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutatedRooms } from './mutants.ts';

/** What became of one mutant. */
export type Tried = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly status: string;
};

/** A mutant that no test is meant to notice. */
export type Excused = Pick<Tried, 'file' | 'original' | 'replacement'> & {
  readonly reason: string;
};

const excusedFile = join(import.meta.dirname, 'survivors.json');
export const readExcused = (): readonly Excused[] =>
  JSON.parse(readFileSync(excusedFile, 'utf8')) as readonly Excused[];

const keyOf = ({ file, original, replacement }: Omit<Excused, 'reason'>): string =>
  `${file}\n${original}\n${replacement}`;

const isKilled = ({ status }: Tried): boolean => status === 'Killed' || status === 'Timeout';
const isSurvivor = ({ status }: Tried): boolean => status === 'Survived' || status === 'NoCoverage';

export type Verdict = {
  /** One line for each room, then one for each survivor without a reason. */
  readonly lines: readonly string[];
  readonly unexcused: number;
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 100);

/** One mutant in one line. */
export const wordsOf = (tried: Tried): string => {
  const { file, line, mutator, original, replacement, status } = tried;
  return `${status}: ${file}:${line} ${mutator}: ${oneLine(original)} -> ${oneLine(replacement)}`;
};

/** Whether a reason stands beside it. */
export const isExcused = (tried: Tried, excused: readonly Excused[]): boolean =>
  excused.some((each) => keyOf(each) === keyOf(tried));

/** The figures of a run by room, and the survivors beside which no reason stands. */
export const verdictOn = (tried: readonly Tried[], excused: readonly Excused[]): Verdict => {
  const reasons = new Set(excused.map(keyOf));
  const survivors = tried.filter(isSurvivor);
  const unexcused = survivors.filter((each) => !reasons.has(keyOf(each)));
  const rooms = mutatedRooms.flatMap((room) => {
    const of = tried.filter(({ file }) => file === room || file.startsWith(`${room}/`));
    if (of.length === 0) return [];
    const lived = of.filter(isSurvivor).length;
    return [
      `${room}: ${of.length} mutants, ${of.filter(isKilled).length} killed, ${lived} survived`,
    ];
  });
  return {
    unexcused: unexcused.length,
    lines: [
      ...rooms,
      `${tried.length} mutants, ${survivors.length} survived, ${unexcused.length} of them without a reason`,
      ...unexcused.map(wordsOf),
    ],
  };
};
