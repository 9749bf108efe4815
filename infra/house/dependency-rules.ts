import type { IForbiddenRuleType } from 'dependency-cruiser';

const tests = '\\.(test|bench)\\.ts$';
/** Kits that only tests import: they may use what tests use. */
const testKits =
  '(^|/)(contract-tests|test-kit|samples)/|/(specification|fixtures|[a-z-]*test-[a-z-]+)\\.ts$';

/** A floor may reach itself and what it is given here, and nothing else that is not its test's. */
const floor = (name: string, reaches: string): IForbiddenRuleType => ({
  name: `${name}-reaches-only-${reaches.replace('node_modules/', '')}`,
  severity: 'error',
  comment: 'Arrows between floors point only where the architecture says.',
  from: { path: `^${name}/`, pathNot: `${tests}|${testKits}` },
  to: { pathNot: `^(${name}|${reaches})/`, couldNotResolve: false },
});

const floors = 'contracts|services|projections|infra|mcp-gateway';

/** The rules of the house about who may import whom; a test breaks each of them on a fixture. */
export const dependencyRules: readonly IForbiddenRuleType[] = [
  floor('contracts', 'node_modules/zod'),
  floor('services', 'contracts'),
  floor('projections', 'contracts'),
  {
    name: 'infra-reaches-no-floor-but-contracts',
    severity: 'error',
    comment: 'Adapters know the ports and their libraries, never who uses them. Its tests, too.',
    from: { path: '^infra/' },
    to: { path: '^(services|projections|mcp-gateway)/' },
  },
  {
    name: 'nobody-reaches-the-gateway',
    severity: 'error',
    comment: 'The gateway puts the rest together; what others need of it belongs below.',
    from: { path: `^(${floors})/`, pathNot: '^mcp-gateway/' },
    to: { path: '^mcp-gateway/' },
  },
  {
    name: 'floors-meet-through-packages',
    severity: 'error',
    comment: 'A relative path into another floor goes past what that floor exports.',
    from: { path: `^(${floors})/` },
    to: { path: `^(${floors})/`, pathNot: '^$1/', dependencyTypes: ['local'] },
  },
  {
    name: 'rooms-meet-through-index',
    severity: 'error',
    comment: 'What a room keeps out of its index.ts is free to change.',
    from: { path: '^([^/]+)/src/([^/]+)/', pathNot: `${tests}|${testKits}` },
    to: { path: '^[^/]+/src/[^/]+/', pathNot: ['^$1/src/$2/', '/index\\.ts$'] },
  },
  {
    name: 'no-circle-of-modules',
    severity: 'error',
    comment: 'Modules in a circle can only be understood, and loaded, together.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'everything-resolves',
    severity: 'error',
    comment: 'An import that leads nowhere is a crash that waits for its first user.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-test-is-imported',
    severity: 'error',
    comment: 'What two tests share belongs in a kit of its own.',
    from: {},
    to: { path: tests },
  },
];
