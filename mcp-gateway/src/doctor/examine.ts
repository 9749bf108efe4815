import { checkClients } from './clients.ts';
import { discover } from './discovery.ts';
import { checkDoor, checkHealth } from './door.ts';
import { type Finding, missing, unknown } from './finding.ts';
import { checkTools } from './tools.ts';
import { checkWayThere } from './way-there.ts';
import { bareHost, type World } from './world.ts';

export type Patient = {
  /** Where MCP is spoken, such as https://sentinel.example.com/mcp. */
  readonly door: URL;
  /** What lets one in; without it tools are looked at where the door is open. */
  readonly token?: string | undefined;
};

const loopback = new Set(['localhost', '127.0.0.1', '::1']);

const localWay = (): readonly Finding[] => [
  missing({
    ...{
      check: 'HTTPS',
      says: 'This address is of this machine alone, and Claude Code here can use it.',
    },
    mend: 'claude.ai and Claude Desktop connect from elsewhere, over HTTPS on port 443: docs/guides/connect-claude.md.',
  }),
];

const notLookedAt = unknown({ check: 'the rest', says: 'Not looked at before that is mended.' });

/** Looks, from outside and in this order, at what Claude needs of a server. */
export const examine = async (
  world: World,
  { door, token }: Patient,
): Promise<readonly Finding[]> => {
  const isLocal = door.protocol === 'http:' && loopback.has(bareHost(door));
  const way = isLocal ? { findings: localWay(), isOpen: true } : await checkWayThere(world, door);
  if (!way.isOpen) return [...way.findings, notLookedAt];
  const health = await checkHealth(world, door);
  if (!health.answers) return [...way.findings, ...health.findings, notLookedAt];
  const found = await checkDoor(world, { door, isLoopback: isLocal });
  const discovered = found.isOpen
    ? { findings: [] }
    : await discover(world, { door, metadata: found.metadata });
  const issuer = 'issuer' in discovered ? discovered.issuer : undefined;
  return [
    ...way.findings,
    ...health.findings,
    ...found.findings,
    ...discovered.findings,
    ...(issuer === undefined ? [] : await checkClients(world, issuer)),
    ...(found.isOpen || token !== undefined
      ? await checkTools(world, { door, token })
      : [unknown({ check: 'tools', says: 'They show with a token in MCP_TOKEN.' })]),
  ];
};
