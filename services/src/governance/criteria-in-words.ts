import type { ApprovalView } from '@sentinel/contracts/approval';
import type { Criterion, CriterionCode } from '@sentinel/contracts/governance';

/** What each criterion is, as somebody says it who has not read the rules. */
const words: Readonly<Record<CriterionCode, string>> = {
  CONFIGURATION: 'Rule and parameters unchanged since the last promotion',
  BACKTESTS: 'Backtests of exactly this strategy',
  EVIDENCE_AGE: 'Age of the evidence',
  TRADES: 'Closed trades',
  SESSIONS: 'Trading days that count',
  CALENDAR_DAYS: 'Time in its present state',
  WIN_RATE: 'Trades that won',
  PROFIT_FACTOR: 'Profits over losses',
  MAX_DRAWDOWN: 'Largest fall from a peak',
  WORST_LOSS: 'Worst single loss',
  SHARPE: 'Return for its risk (Sharpe ratio)',
  EXPECTANCY: 'Average profit for each dollar risked',
  EXPECTANCY_FLOOR: 'The same, by a cautious estimate',
  DEFLATED_SHARPE: 'That the result is more than luck',
  SLIPPAGE: 'Fills worse than decided, on average',
  FILL_RATE: 'Orders that were filled',
  DRIFT: 'Signs that it no longer works as it did',
};

const comparisons: Readonly<Record<Criterion['comparison'], string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
};

const percent = (value: number): string => `${Number((value * 100).toFixed(1))} %`;
const round = (value: number): string => `${Number(value.toFixed(2))}`;

/** Shares and probabilities in percent, the rest in its own unit. */
const figure = (value: number, unit: string): string =>
  /^(share|probability)/.test(unit) ? percent(value) : round(value);
const unitOf = (unit: string): string =>
  unit
    .replace(/^probability, /, 'after ')
    .replace(/^share ?/, '')
    .trim();

/** A criterion as a line of a table: what it is, what was measured, what is needed. */
export const criterionInWords = ({
  criterion,
  measured,
  comparison,
  required,
  unit,
  met,
}: Criterion): NonNullable<ApprovalView['criteria']>[number] =>
  criterion === 'CONFIGURATION'
    ? { criterion: words[criterion], measured: measured === 1 ? 'yes' : 'no', needed: 'yes', met }
    : {
        criterion: words[criterion],
        measured: measured === null ? 'not known' : figure(measured, unit),
        needed: `${comparisons[comparison]} ${figure(required, unit)} ${unitOf(unit)}`.trim(),
        met,
      };
