import type { Money } from '@sentinel/contracts/kernel';
import type { AccountBinding } from '@sentinel/contracts/risk';
import type { Config } from '@sentinel/infra/config';
import { newId, StartupError, systemClock } from '@sentinel/infra/runtime';
import { workflowMetadata } from '@sentinel/services/execution';
import { type Bound, bindLog, type Control } from '@sentinel/services/risk';
import type { OpenedMarket } from './open-market.ts';

/** What the one account of the program begins with. */
const accountOf = (config: Config): AccountBinding => ({
  account: 'paper',
  accountType: config.PAPER_ACCOUNT_TYPE,
  startingCash: config.PAPER_STARTING_CASH as Money,
});

/**
 * Before anything is written: a log goes on in the market and with the accounts that it began with, or
 * not at all. @throws StartupError
 */
export const bindToMarket = async (options: {
  readonly control: Control;
  readonly config: Config;
  readonly opened: OpenedMarket;
  /** The market's time up to which the log has come; undefined for one without sessions. */
  readonly resumeFrom: Temporal.Instant | undefined;
}): Promise<Bound> => {
  const { control, config, opened, resumeFrom } = options;
  const { market, binding } = opened;
  const isBound = (await control.refresh()).market !== null;
  const endsBefore =
    resumeFrom !== undefined && Temporal.Instant.compare(market.now(), resumeFrom) < 0;
  // A log from before logs were bound does not say on which bars it lived, but how far it has come.
  if (!isBound && endsBefore && config.MARKET_DATA_PROVIDER === 'historical') {
    throw new StartupError(
      `The log in this data folder has come to ${resumeFrom}, but the bars in ${config.MARKET_DATA_DIR} end before it: use another SENTINEL_DATA_DIR for this replay.`,
      { code: 'market-data-unusable' },
    );
  }
  const bound = await bindLog({
    control,
    market: binding,
    accounts: [accountOf(config)],
    at: systemClock(),
    metadata: workflowMetadata('start-up', newId),
  });
  if (bound.ok) return bound.value;
  const { message, remedy } = bound.refusal;
  throw new StartupError(`${message}: ${remedy}.`, { code: 'log-of-other-market' });
};
