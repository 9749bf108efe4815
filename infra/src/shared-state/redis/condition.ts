import type { Log } from '../../runtime/index.ts';
import type { Trouble } from './trouble.ts';

const passing = (words: string): Trouble => ({
  words,
  isMisconfigured: false,
  needsNewConnection: false,
});
const notYet = passing('is not connected yet');
const ended = passing('is closed');
export const gone = passing('cannot be reached');
export const deaf = passing('gives no notices');

/** How a server is, as far as it is known, and whether it still has what was counted. */
export type Condition = {
  /** Undefined while it is well. */
  readonly trouble: () => Trouble | undefined;
  /** Takes what was found last, and logs a change. */
  readonly turn: (next: Trouble | undefined) => void;
  /** Takes which run of the server answers: another one than before has other data. */
  readonly ranBy: (run: string | undefined) => void;
  /** Takes a mark that came with a count: another one than before is of other data. */
  readonly marked: (mark: unknown) => void;
  /** Milliseconds since counts were lost; undefined when none were. */
  readonly lostForMs: () => number | undefined;
  readonly end: () => void;
};

export const conditionOf = (where: string, log: Log): Condition => {
  let trouble: Trouble | undefined = notYet;
  let knownRun: string | undefined;
  let knownMark: unknown;
  let lostAtMs: number | undefined;

  const lost = (): void => {
    lostAtMs = performance.now();
    log.warn(`${where} has lost what was counted`);
  };

  return {
    trouble: () => trouble,
    turn: (next) => {
      const before = trouble;
      if (next?.words === before?.words || before === ended) return;
      trouble = next;
      if (next !== undefined) log.warn(`${where} ${next.words}`);
      else if (before !== notYet) log.info(`${where} answers again`);
    },
    ranBy: (run) => {
      if (knownRun !== undefined && knownRun !== run) lost();
      knownRun = run;
    },
    marked: (mark) => {
      if (knownMark !== undefined && knownMark !== mark) lost();
      knownMark = mark;
    },
    lostForMs: () => (lostAtMs === undefined ? undefined : performance.now() - lostAtMs),
    end: () => {
      trouble = ended;
    },
  };
};
