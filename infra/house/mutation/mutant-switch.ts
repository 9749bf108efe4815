type Counts = Readonly<Record<string, number>>;

/** What the changed sources look at, by the name that Stryker's instrumenter writes into them. */
export type MutantSwitch = {
  /** The id of the change that is in force; undefined: the sources as they are. */
  activeMutant?: string | undefined;
  /** Whose reach is counted now. */
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  /** A change that is reached more often than this has made a loop without an end, and throws. */
  hitLimit?: number | undefined;
  mutantCoverage?: {
    /** Reached while modules loaded. */
    readonly static: Counts;
    readonly perTest: Readonly<Record<string, Counts>>;
  };
};

declare global {
  var __stryker__: MutantSwitch | undefined;
}

export const mutantSwitch = (): MutantSwitch => {
  globalThis.__stryker__ ??= {};
  return globalThis.__stryker__;
};
