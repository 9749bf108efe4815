/** What a process of the trial is told. */
export type TrialOrder = {
  /** The mutants to try, one after the other. */
  readonly mutants: readonly { readonly id: string; readonly file: string }[];
  /** Milliseconds of tests, quick ones first, that a mutant is tried on; without: all that reach it. */
  readonly budgetMs?: number;
  /** The file to which it writes a line of JSON for each step. */
  readonly steps?: string;
  /** A mutant that is in force before any module loads: tests run on it, and nothing else is done. */
  readonly fromStart?: string;
};

/** What it says of each step. */
export type TrialStep =
  | {
      readonly kind: 'began';
      readonly tests: number;
      /** Fail on the sources as they are. */
      readonly failed: readonly string[];
    }
  /** It fails when it runs a second time in one process, and is left out there. */
  | { readonly kind: 'not repeatable'; readonly test: string }
  | { readonly kind: 'trying'; readonly id: string }
  | { readonly kind: 'alive' }
  | {
      readonly kind: 'tried';
      readonly id: string;
      readonly status: 'Killed' | 'Survived' | 'NoCoverage';
      /** Reached while modules loaded as well: tried so, it may be noticed. */
      readonly isStatic: boolean;
      /** Files of the tests that reach it. */
      readonly files: readonly string[];
      /** The test that noticed it. */
      readonly by?: string;
      /** False: it left something behind in a module, and the process ends. */
      readonly isClean: boolean;
      readonly tookMs: number;
    };
