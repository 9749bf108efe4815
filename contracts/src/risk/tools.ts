import type { ToolDefinition } from '../kernel/index.ts';
import type { riskCommands } from './commands.ts';
import type { riskQueries } from './queries.ts';

export const riskTools = {
  'risk.validate_trade': {
    title: 'Validate a trade',
    description:
      'Judges an order against every risk check without placing it. Answers the outcome, a decision id for audit.explain_trade, and the checks that failed or came nearest, with measured value, limit and unit; detail full tells all. Recorded; nothing is submitted.',
    scope: 'read',
    message: 'ValidateTrade',
    observes: true,
  },
  'risk.size_position': {
    title: 'Size a position',
    description:
      'How many whole shares to trade: the risk budget over the distance to the stop, scaled by regime and confidence, within every limit. Answers the binding constraint and every intermediate figure. Submits nothing.',
    scope: 'read',
    message: 'SizePosition',
    observes: true,
  },
  'risk.exposure': {
    title: 'Exposure',
    description:
      'Exposure: gross and net, by symbol, sector and side, what working orders reserve, and the room left under each limit.',
    scope: 'read',
    message: 'GetExposure',
  },
  'risk.drawdown': {
    title: 'Drawdown',
    description:
      'How far the account is down since the day, the week and its highest close began, against the limits, and what may still be lost.',
    scope: 'read',
    message: 'GetDrawdown',
  },
  'risk.limits': {
    title: 'Limits',
    description:
      'Every limit in force: where it stands now and the room left, the nearest first, and those that each order is judged by on its own.',
    scope: 'read',
    message: 'GetLimits',
  },
  'risk.kill_switch_status': {
    title: 'Kill switch status',
    description:
      'Halts in force (global, strategy, symbol), who engaged them and why, releases that wait for a human, and the trading state.',
    scope: 'read',
    message: 'GetKillSwitchStatus',
  },
  'risk.kill_switch_enable': {
    title: 'Engage a halt',
    description:
      'Stops new risk for everything (scope global), one strategy or one symbol. In force once answered: no order that adds risk passes after it. Orders that only shrink a position still pass; working orders keep working. Only a human can release it.',
    scope: 'trade',
    message: 'EngageHalt',
    stops: true,
  },
  'risk.kill_switch_disable': {
    title: 'Ask to release a halt',
    description:
      'Asks for the release of a halt. A human must approve it outside this conversation; the answer says how, and until when. The halt stays in force until then.',
    scope: 'govern',
    message: 'RequestHaltRelease',
  },
  'risk.set_limits': {
    title: 'Change risk limits',
    description:
      'Makes a new version of the risk limits. What is tighter is in force at once, in open sessions too; what is looser waits for a human outside this conversation, and the answer says where and until when. Names are those of the limits document, which a refusal lists.',
    scope: 'govern',
    message: 'SetLimits',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof riskCommands | keyof typeof riskQueries>
>;
