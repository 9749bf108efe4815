import type { Config } from '@sentinel/infra/config';
import { publicAddressOf } from './running/index.ts';
import type { Sentinel } from './sentinel.ts';

/** What a human at the machine reads. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A terminal that is gone ends nothing: what was for it is told to `onGone` once, and lost. */
export const outliveTerminal = (onGone: (sentence: string) => void): void => {
  let isTold = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', ({ message }: Error) => {
      if (!isTold) onGone(`what is said to the terminal is lost from now on: ${message}`);
      isTold = true;
    });
};

/** Where it is, and how clients are told of it. */
export const greet = (config: Config): void => {
  const address = publicAddressOf(config);
  if (!config.SENTINEL_ROLES.includes('gateway')) {
    const roles = config.SENTINEL_ROLES.join(' and ');
    say(`Sentinel is ready as ${roles}, without a gateway. Its health: ${address}/health`);
    return;
  }
  const market = {
    mock: 'a simulated market',
    historical: `the bars in ${config.MARKET_DATA_DIR}`,
    alpaca: `Alpaca's live market, feed ${config.ALPACA_FEED}`,
  }[config.MARKET_DATA_PROVIDER];
  say(`Sentinel is ready at ${address}/mcp, trading on paper on ${market}.`);
  say(`  Claude Code:    claude mcp add --transport http sentinel ${address}/mcp`);
  say(
    `  Claude Desktop: command "npm", args ["run", "--silent", "stdio", "--prefix", "${process.cwd()}"]`,
  );
  if (config.CONFORMANCE)
    say(
      "  CONFORMANCE=1: tools, prompts and resources of the protocol's test suites are offered too. Not for use.",
    );
  say(
    config.SENTINEL_AUTH_ENABLED
      ? '  Authentication is on: a client logs in by OAuth at its first call, or shows a key of "npm run keys". Ctrl-C stops.'
      : '  Authentication is off: whoever can reach this loopback port can trade on paper. Ctrl-C stops.',
  );
};

/** Limits stand in the log; what the environment names beside them is said, and changes nothing. */
export const sayLimits = async ({ limits }: Sentinel): Promise<void> => {
  const { inForce, differences } = await limits.compare();
  if (differences.length === 0) return;
  const shown = differences.map((each) => `${each.limit} ${each.inForce}, not ${each.wanted}`);
  say(
    `  Limits: version ${inForce.version} of the log is in force, which the environment would change (${shown.join('; ')}). Run "npm run limits" to look at that and adopt it.`,
  );
};
