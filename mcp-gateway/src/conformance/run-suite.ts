import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));

export const revisions = ['2025-11-25', '2026-07-28'] as const;

/** What of a revision the product does not do, by name. */
export const baselineOf = (revision: (typeof revisions)[number]): string =>
  fileURLToPath(new URL(`product-${revision}.yml`, import.meta.url));

export const longestMs = 120_000;

/** A run of at most this many characters of report is a run; more is a suite gone wild. */
const longestReport = 10_000_000;

/** A client that a human let in, and whose certificates it trusts besides those of the machine. */
export type SuiteClient = { readonly token: string; readonly authorityFile: string };

const asClient = fileURLToPath(new URL('as-client.ts', import.meta.url));
const environmentOf = ({ origin }: URL, { token, authorityFile }: SuiteClient) => ({
  ...{ SUITE_ORIGIN: origin, SUITE_TOKEN: token, NODE_EXTRA_CA_CERTS: authorityFile },
});

export type SuiteRun = { readonly passed: boolean; readonly report: string };

/**
 * Runs what a revision of the protocol requires of a server, as the protocol's own suite has it. It
 * passes when exactly what the baseline names fails: an entry that no longer fails must be taken out.
 */
export const runSuite = ({
  url,
  revision,
  baseline,
  client,
}: {
  readonly url: URL;
  readonly revision: string;
  /** A file; nothing may fail without one. */
  readonly baseline?: string;
  /** Who asks, over HTTPS; anybody unless it is given. */
  readonly client?: SuiteClient;
}): Promise<SuiteRun> =>
  new Promise((resolve) => {
    const args = ['--url', url.href, '--requirements', revision];
    if (baseline !== undefined) args.push('--expected-failures', baseline);
    execFile(
      process.execPath,
      [...(client === undefined ? [] : ['--import', asClient]), suite, 'server', ...args],
      {
        maxBuffer: longestReport,
        env: { ...process.env, ...(client && environmentOf(url, client)) },
      },
      // The suite says by its exit code whether it passed, and in its report why not.
      (error, stdout, stderr) =>
        resolve({ passed: error === null, report: `${stdout}\n${stderr}` }),
    );
  });

/**
 * Starts what the suite asks of an authorization server. It says a `wish` that a human must follow in a
 * browser, and listens at `port` for what comes of that.
 */
export const startAuthorizationSuite = ({
  base,
  client,
  port,
  authorityFile,
}: {
  readonly base: URL;
  readonly client: string;
  readonly port: number;
  readonly authorityFile: string;
}): { readonly wish: Promise<URL>; readonly ended: Promise<SuiteRun> } => {
  const resource = new URL('/mcp', base).href;
  const args = ['--url', base.origin, '--client-id', client, '--port', `${port}`];
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: authorityFile };
  const child = spawn(process.execPath, [suite, 'authorization', ...args, '--resource', resource], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let report = '';
  const wish = new Promise<URL>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        report += text;
        const asked = /^https:\S+authorize\?\S+$/m.exec(report)?.[0];
        if (asked !== undefined) resolve(new URL(asked));
      });
  });
  const ended = once(child, 'close').then(([code]) => ({ passed: code === 0, report }));
  return { wish, ended };
};
