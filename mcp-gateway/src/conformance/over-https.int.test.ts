import { freePort } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consent, register, type TestBrowser } from '../oauth/test-flow.ts';
import { letIn, setUpHuman } from '../test-human.ts';
import { type SecureProgram, startSecureProgram } from '../test-secure-program.ts';
import {
  baselineOf,
  longestMs,
  revisions,
  runSuite,
  startAuthorizationSuite,
} from './run-suite.ts';

type Met = { readonly program: SecureProgram; readonly human: TestBrowser };

/** The suite names this host to see it refused, and its client then asks for a certificate of that name. */
const foreign = 'evil.example.com';

const meet = async (environment: Readonly<Record<string, string>>): Promise<Met> => {
  const program = await startSecureProgram(environment, foreign);
  return { program, human: await setUpHuman(program) };
};

let product: Met;
let withFixtures: Met;
beforeAll(async () => {
  [product, withFixtures] = await Promise.all([meet({}), meet({ CONFORMANCE: '1' })]);
}, 120_000);
afterAll(() => Promise.all([product?.program.stop(), withFixtures?.program.stop()]));

/** A suite as a client of its own, whom the human lets do everything. */
const asClient = async ({ program: { base, authorityFile }, human }: Met) => {
  const token = await letIn(base, human);
  return { url: new URL('/mcp', base), client: { token, authorityFile } };
};

test.each(revisions)(
  'over HTTPS and with a token the product does what %s requires, but for what its baseline names',
  async (revision) => {
    const asked = { ...(await asClient(product)), revision, baseline: baselineOf(revision) };
    const { passed, report } = await runSuite(asked);
    expect(passed, report).toBe(true);
  },
  longestMs,
);

test.each(revisions)(
  'over HTTPS and with what the suites ask for, all that %s scores passes',
  async (revision) => {
    const { passed, report } = await runSuite({ ...(await asClient(withFixtures)), revision });
    expect(passed, report).toBe(true);
  },
  longestMs,
);

test(
  'the authorization server does what `conformance authorization` asks, up to the token',
  async () => {
    const { base, authorityFile } = product.program;
    const port = await freePort();
    const redirect = `http://127.0.0.1:${port}/callback`;
    const client = await register(base, { redirect_uris: [redirect] });
    const suite = startAuthorizationSuite({ base, client, port, authorityFile });
    const back = await consent(product.human, await suite.wish);
    expect((await fetch(back)).status).toBe(200);
    const { passed, report } = await suite.ended;
    expect(passed, report).toBe(true);
    // What it only warns of, or passes over, it does not count.
    expect(report).toContain('authorization-server-metadata-endpoint: 2 passed, 0 failed');
    expect(report).toContain('authorization-code-grant: 1 passed, 0 failed');
  },
  longestMs,
);
