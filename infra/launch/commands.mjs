/**
 * What can be launched, by name: the script that Node 26 runs, seen from the repository's root, what it
 * is for, and whether it reads the settings, `.env` among them. Who does runs Sentinel; every other works
 * on it, and needs what tests need. Arguments of the caller follow those named here.
 * @type {Readonly<Record<string, { readonly script: string, readonly args?: readonly string[], readonly purpose: string, readonly settings?: true }>>}
 */
export const commands = {
  start: {
    script: 'mcp-gateway/src/main.ts',
    settings: true,
    purpose: 'runs the server and the operator console',
  },
  stdio: {
    script: 'mcp-gateway/src/stdio.ts',
    settings: true,
    purpose: 'speaks MCP over standard input and output',
  },
  status: {
    script: 'mcp-gateway/src/status.ts',
    settings: true,
    purpose: 'says whether it runs, where, and what needs a decision',
  },
  stop: {
    script: 'mcp-gateway/src/stop.ts',
    settings: true,
    purpose: 'ends the running server cleanly',
  },
  doctor: {
    script: 'mcp-gateway/src/doctor.ts',
    settings: true,
    purpose: 'looks from outside at what Claude needs, and says what to mend',
  },
  rebuild: {
    script: 'mcp-gateway/src/rebuild.ts',
    settings: true,
    purpose: 'builds a read model again',
  },
  approve: {
    script: 'mcp-gateway/src/approve.ts',
    settings: true,
    purpose: 'answers requests that wait for a human',
  },
  'verify-approval': {
    script: 'mcp-gateway/src/verify-approval.ts',
    purpose: 'verifies by exported events alone that a passkey signed an approval',
  },
  keys: {
    script: 'mcp-gateway/src/keys.ts',
    settings: true,
    purpose: 'issues, rotates and revokes keys of programs',
  },
  'set-up-link': {
    script: 'mcp-gateway/src/set-up-link.ts',
    settings: true,
    purpose: 'makes a link by which a person sets up how they log in, once',
  },
  limits: {
    script: 'mcp-gateway/src/limits.ts',
    settings: true,
    purpose: 'shows how the environment would change the limits, and adopts that',
  },
  import: {
    script: 'infra/src/bar-import/main.ts',
    settings: true,
    purpose: 'proves files of bars as people have them, and writes a library for the replay',
  },
  'migrate-log': {
    script: 'infra/src/log-migration/main.ts',
    purpose: 'copies the log into another store, and proves that both hold the same',
  },
  bench: { script: 'mcp-gateway/src/bench/main.ts', purpose: 'measures this machine' },
  chaos: {
    script: 'mcp-gateway/src/chaos/main.ts',
    purpose: 'kills the program during a stream of orders and looks at what stands',
  },
  reference: { script: 'mcp-gateway/src/reference.ts', purpose: 'writes docs/reference' },
  'pin-views': {
    script: 'projections/src/samples/pin-views.ts',
    purpose: 'pins the rows and the folds of the views',
  },
  test: { script: 'infra/house/check.ts', purpose: 'runs every check and every test' },
  'test:eventstore': {
    script: 'node_modules/vitest/vitest.mjs',
    args: [
      'run',
      'infra/src/event-store/eventstoredb',
      'mcp-gateway/src/worked-example-on-eventstoredb',
      'mcp-gateway/src/two-gateways',
      'mcp-gateway/src/roles',
      'mcp-gateway/src/no-password',
      'infra/house/eventstore-defences',
    ],
    purpose: 'tests the log and the product on the server that EVENTSTORE_TEST_URL names',
  },
  conformance: {
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run', 'mcp-gateway/src/conformance'],
    purpose:
      "tries the product by the protocol's own suites, against baselines of what it does not do",
  },
  properties: {
    script: 'infra/house/properties.ts',
    purpose: 'tries every property of money on 10,000 cases',
  },
  mutate: {
    script: 'infra/house/mutate.ts',
    purpose:
      'names changes in the rooms of money that no test notices; --sample 200 --seed 1 draws some',
  },
  typecheck: {
    script: 'node_modules/typescript/bin/tsc',
    args: ['--noEmit', '-p', '.'],
    purpose: 'checks the types',
  },
  lint: {
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings'],
    purpose: 'checks style and format',
  },
  format: {
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['check', '--write'],
    purpose: 'mends what style and format can mend by themselves',
  },
};

/** The commands that speak a protocol on standard output: nothing else may be written there. */
export const quietCommands = new Set(['stdio']);

/** @returns {string} */
export const usage = () =>
  [
    'Usage: node infra/launch/launch.mjs <command> [arguments]',
    ...Object.entries(commands).map(([name, { purpose }]) => `  ${name.padEnd(10)} ${purpose}`),
  ].join('\n');
