import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));

/** A run of at most this many characters of report is a run; more is a suite gone wild. */
const longestReport = 10_000_000;

export type SuiteRun = { readonly passed: boolean; readonly report: string };

/**
 * Runs what a revision of the protocol requires of a server, as the protocol's own suite has it. It
 * passes when exactly what the baseline names fails: an entry that no longer fails must be taken out.
 */
export const runSuite = ({
  url,
  revision,
  baseline,
}: {
  readonly url: URL;
  readonly revision: string;
  /** A file; nothing may fail without one. */
  readonly baseline?: string;
}): Promise<SuiteRun> =>
  new Promise((resolve) => {
    const args = ['--url', url.href, '--requirements', revision];
    if (baseline !== undefined) args.push('--expected-failures', baseline);
    execFile(
      process.execPath,
      [suite, 'server', ...args],
      { maxBuffer: longestReport },
      // The suite says by its exit code whether it passed, and in its report why not.
      (error, stdout, stderr) =>
        resolve({ passed: error === null, report: `${stdout}\n${stderr}` }),
    );
  });
