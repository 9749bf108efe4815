import type { Config } from '@sentinel/infra/config';
import type { Fixtures } from './mcp/index.ts';

/** What the protocol's own suites ask for, under CONFORMANCE=1; it is loaded for them alone. */
export const fixturesOf = async ({ CONFORMANCE }: Config): Promise<Fixtures | undefined> =>
  CONFORMANCE ? (await import('./conformance/index.ts')).fixtures : undefined;
