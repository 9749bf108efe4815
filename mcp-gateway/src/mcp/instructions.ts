import type { ToolName } from '@sentinel/contracts';
import type { MarketSource } from '@sentinel/contracts/market';
import { type Surface, wireName } from './surface.ts';

const markets: Readonly<Record<MarketSource, string>> = {
  mock: 'a simulated market (source mock): its prices are made up',
  historical: 'a replay of past bars (source historical): its prices were real once',
  'alpaca-iex': "Alpaca's live prices of IEX alone (source alpaca-iex)",
  'alpaca-sip': "Alpaca's live prices of all exchanges (source alpaca-sip)",
};

const usualOrder: readonly ToolName[] = [
  'system.brief',
  'market.health',
  'regime.evaluate',
  'strategy.scan',
  'risk.size_position',
  'risk.validate_trade',
  'execution.paper_order',
  'execution.get_order',
  'audit.explain_trade',
];

const offered = (surface: Surface, names: readonly ToolName[]): readonly string[] =>
  names.filter((name) => surface.find(name) !== undefined).map(wireName);

const orderOfWork = (surface: Surface): string => {
  const steps = offered(surface, usualOrder);
  return steps.length < 2 ? '' : ` The usual order of work: ${steps.join(', ')}.`;
};

const howToStop = (surface: Surface): string => {
  if (surface.find('risk.kill_switch_enable') === undefined)
    return ' Nothing can be traded or stopped here.';
  const [flatten] = offered(surface, ['execution.flatten_all']);
  const out =
    flatten === undefined ? '' : ` ${flatten} cancels every order and closes every position.`;
  return ` To stop everything: risk_kill_switch_enable with scope global lets no new risk pass, and only a human releases it.${out}`;
};

/** What a client is told of the tools that its list leaves out. */
const moreTools = ({ unlisted }: Surface): string =>
  unlisted.length === 0
    ? ''
    : ` The list holds the tools of a usual day. These answer by name all the same: ${unlisted.join(', ')}. ` +
      'The address with ?toolsets=all, or with rooms such as ?toolsets=risk,backtest, lists them; over stdio SENTINEL_TOOLSETS=all does.';

const written = (surface: Surface, source: MarketSource | undefined): string =>
  [
    'Sentinel keeps watchlists, classifies regimes, scans for signals, judges risk and trades on paper. ',
    source === undefined
      ? 'It is still starting: market_health will say on which market. No real money moves. '
      : `It trades on ${markets[source]}; every fill is simulated, and no real money moves. `,
    'Every decision is recorded; audit_explain_trade proves any of them.',
    orderOfWork(surface),
    howToStop(surface),
    ' cursor takes next_cursor of the page before; min_position, a log_position, answers nothing older.',
    ' start and end are instants or dates such as 2026-11-23, the last one included.',
    ' Prices and money are US dollars and quantities are shares, all as decimal strings; times are UTC.',
    moreTools(surface),
  ].join('');

const kept = new WeakMap<Surface, Map<MarketSource | undefined, string>>();

/**
 * What a client is told of the whole server: which market this is, how one works here, how one stops.
 * Kept for each surface, so that a request does not write it again.
 */
export const instructionsFor = (surface: Surface, source: MarketSource | undefined): string => {
  const bySource = kept.get(surface) ?? new Map<MarketSource | undefined, string>();
  kept.set(surface, bySource);
  const text = bySource.get(source) ?? written(surface, source);
  bySource.set(source, text);
  return text;
};
