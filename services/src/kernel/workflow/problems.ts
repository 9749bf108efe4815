/** Something that a workflow could not do and goes on trying; `key` is undefined when it is none of one key. */
export type WorkflowProblem = {
  readonly workflow: string;
  readonly key: string | undefined;
  readonly error: unknown;
};

export type KeyProblems = {
  /** Reports a key when it begins to fail, unless another already fails with the same words. */
  readonly failed: (key: string, error: unknown) => void;
  readonly solved: (key: string) => void;
  /** A sentence about the first of those that fail. */
  readonly sentence: () => string | undefined;
};

/** Which keys of a workflow fail, each reported once: an outage would fail all of them alike. */
export const keyProblems = (
  workflow: string,
  onProblem: (problem: WorkflowProblem) => void,
): KeyProblems => {
  const failing = new Map<string, string>();
  return {
    failed: (key, error) => {
      const words = wordsOf(error);
      const known = failing.has(key) || [...failing.values()].includes(words);
      failing.set(key, words);
      if (!known) onProblem({ workflow, key, error });
    },
    solved: (key) => void failing.delete(key),
    sentence: () => {
      const first = failing.entries().next();
      if (first.done) return undefined;
      const more = failing.size > 1 ? ` (and ${failing.size - 1} more keys)` : '';
      return `${first.value[0]}: ${first.value[1]}${more}`;
    },
  };
};

export const wordsOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : String(error);
