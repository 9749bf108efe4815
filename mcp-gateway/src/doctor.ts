import { examine, linesOf, thisWorld } from './doctor/index.ts';
import { OperatorProblem } from './operator-problem.ts';
import { findServer, publicAddressOf } from './running/index.ts';
import { settingsOfCommand } from './settings-of-command.ts';

// Looks from outside at what Claude needs of a server, says what is wrong and what mends it. Ends with 0 when
// nothing is wrong, and 1 when something is. An address is looked at instead of that of the settings.

const usage =
  'Usage: npm run doctor [-- https://host]. A token to look at the tools with goes into MCP_TOKEN.';

/** Where the settings, or the data folder, say that it is reached. */
const ownAddress = async (): Promise<string> => {
  const config = settingsOfCommand(process.env);
  if (config.SENTINEL_PUBLIC_URL !== undefined) return config.SENTINEL_PUBLIC_URL;
  const found = await findServer(config.SENTINEL_DATA_DIR);
  return found.is === 'running' ? found.server.url : publicAddressOf(config);
};

const doorAt = (address: string): URL => {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) throw new OperatorProblem(usage);
  const url = new URL(address);
  if (`${url.username}${url.password}` !== '') throw new OperatorProblem(usage);
  return url.pathname === '/' ? new URL('/mcp', url) : url;
};

const doctor = async ([address, ...others]: readonly string[]): Promise<void> => {
  if (others.length > 0 || address?.startsWith('-')) throw new OperatorProblem(usage);
  const door = doorAt(address ?? (await ownAddress()));
  const token = process.env.MCP_TOKEN?.trim();
  const findings = await examine(thisWorld(), { door, token: token === '' ? undefined : token });
  const wrong = findings.filter(({ is }) => is === 'bad').length;
  const lacking = findings.filter(({ is }) => is === 'missing').length;
  const verdict =
    wrong > 0
      ? `${wrong} thing(s) to mend.`
      : lacking > 0
        ? 'Nothing is wrong for this machine. What Claude needs from elsewhere is missing.'
        : 'Nothing is wrong.';
  process.stdout.write(`${[`${door.href}`, ...linesOf(findings), verdict].join('\n')}\n`);
  if (wrong > 0) process.exitCode = 1;
};

try {
  await doctor(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OperatorProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
