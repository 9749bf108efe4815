/** How many checks ended how. */
export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** What the test runner writes of itself, as far as it is read here. */
export type RunnerReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

export const addTallies = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/**
 * Counts a run of the tests. A file that failed without a failed test, by not loading or in a hook,
 * counts as one failure, and so does a run that failed with nothing to show for it.
 */
export const tallyOf = (report: RunnerReport | undefined, succeeded: boolean): Tally => {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const silent = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  const failed = report.numFailedTests + silent.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
};

/** The line with which a run ends. */
export const tallyLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
