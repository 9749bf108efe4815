import {
  divide,
  type Money,
  millisecondsBetween,
  money,
  quantity,
} from '@sentinel/contracts/kernel';
import type { CommitteeFacts, OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import type { Exposure } from './account.ts';

export const voters = [
  'regime_gate',
  'liquidity_filter',
  'volatility_sanity',
  'risk_reward_filter',
  'concentration_filter',
  'beta_context_filter',
  'signal_confidence_filter',
  'time_of_day_filter',
] as const;
export type Voter = (typeof voters)[number];
export type Vote = 'approve' | 'abstain' | 'reject';

/** What the committee looks at: recorded facts alone, so that it votes the same whenever it is asked. */
export type Deliberated = {
  readonly signal: CommitteeFacts;
  readonly intent: OrderIntent;
  readonly facts: RiskFacts;
  readonly exposure: Exposure;
  /** What the order adds to the exposure in its symbol. */
  readonly added: Money;
};

export type Deliberation = {
  readonly votes: readonly {
    readonly voter: Voter;
    readonly vote: Vote;
    readonly reason: string;
  }[];
  /** 0 to 10,000. */
  readonly scoreBps: number;
  readonly outcome: 'approved' | 'requires_human_approval' | 'rejected';
  /** Why an approval goes to a human all the same; empty when it does not. */
  readonly escalations: readonly string[];
};

type Opinion = readonly [vote: Vote, reason: string];
type Seat = {
  /** In basis points; all add up to 10,000. */
  readonly weightBps: number;
  /** Whether its rejection decides alone. */
  readonly vetoes: boolean;
  readonly vote: (input: Deliberated) => Opinion;
};

const spreadBps = ({ facts: { quote } }: Deliberated): number | null =>
  quote === null || quote.bid <= 0n || quote.ask < quote.bid
    ? null
    : Number(divide((quote.ask - quote.bid) * 20_000n, quote.bid + quote.ask, 'up'));

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
const shareBps = (part: bigint, whole: bigint): number =>
  Number(divide(part * 10_000n, whole, 'down'));

const regimeGate = ({ signal: { compatible, fitBps, label } }: Deliberated): Opinion => {
  if (!compatible || fitBps < 4_000)
    return ['reject', `The strategy does not fit ${label} (${fitBps} bps).`];
  return [fitBps >= 6_500 ? 'approve' : 'abstain', `It fits ${label} by ${fitBps} bps.`];
};

const busyBar = quantity.fromShares(100_000);

const liquidityFilter = (input: Deliberated): Opinion => {
  const spread = spreadBps(input);
  const { barVolume } = input.signal;
  if (spread === null) return ['abstain', 'There is no quote to measure a spread by.'];
  if (spread > 20) return ['reject', `The spread is ${spread} bps.`];
  if (barVolume === null) return ['abstain', 'The volume of the bar is not known.'];
  return [
    barVolume >= busyBar ? 'approve' : 'abstain',
    `The spread is ${spread} bps, and ${quantity.format(barVolume)} shares traded in the bar.`,
  ];
};

const volatilitySanity = ({ signal }: Deliberated): Opinion => {
  const { averageTrueRangeBps: range, entry, stop } = signal;
  if (range === null || range === 0) return ['abstain', 'The average true range is not known.'];
  if (range > 500) return ['reject', `The average true range is ${range} bps of the price.`];
  const distance = shareBps(absolute(entry - stop), entry);
  if (distance > 3 * range)
    return ['reject', `The stop lies ${distance} bps away, over three ranges.`];
  return [
    10 * distance < 3 * range ? 'abstain' : 'approve',
    `The stop lies ${distance} bps away, at a range of ${range}.`,
  ];
};

const riskReward = ({ signal: { entry, stop, target } }: Deliberated): Opinion => {
  const risk = absolute(entry - stop);
  if (risk === 0n) return ['reject', 'The stop stands at the entry.'];
  const ratio = divide(absolute(target - entry) * 100n, risk, 'down');
  const vote = ratio >= 180n ? 'approve' : ratio >= 150n ? 'abstain' : 'reject';
  return [vote, `It may gain ${Number(ratio) / 100} times what it risks.`];
};

const concentration = ({ exposure, intent, added }: Deliberated): Opinion => {
  if (exposure.equity <= 0n) return ['reject', 'The account has no equity.'];
  const held = exposure.bySymbol.get(intent.symbol) ?? money.zero;
  const symbol = shareBps(money.add(held, added), exposure.equity);
  const gross = shareBps(money.add(exposure.gross, added), exposure.equity);
  const reason = `With the order ${symbol} bps of equity are in ${intent.symbol}, ${gross} in all.`;
  if (symbol >= 1_000 || gross > 8_500) return ['reject', reason];
  return [symbol > 700 ? 'abstain' : 'approve', reason];
};

const betaContext = ({ signal: { label, contextMoveBps: move }, intent }: Deliberated): Opinion => {
  if (label === 'risk_off') return ['reject', 'The whole market is falling.'];
  if (move === null) return ['abstain', 'The move of the whole market is not known.'];
  const against = intent.side === 'buy' ? move < -100 : move > 100;
  return [against ? 'abstain' : 'approve', `The whole market moved ${move} bps.`];
};

const signalConfidence = ({ signal: { confidenceBps } }: Deliberated): Opinion => [
  confidenceBps >= 6_325 ? 'approve' : confidenceBps >= 5_500 ? 'abstain' : 'reject',
  `Its confidence is ${confidenceBps} bps.`,
];

const quarterHourMs = 15 * 60_000;

const timeOfDay = ({ facts: { at, session } }: Deliberated): Opinion => {
  const { opensAt, closesAt, state } = session;
  if (state === 'closed') return ['reject', 'The market is closed.'];
  if (opensAt === null || closesAt === null) return ['approve', 'This market never closes.'];
  const isEdge =
    millisecondsBetween(opensAt, at) < quarterHourMs ||
    millisecondsBetween(at, closesAt) <= quarterHourMs;
  return isEdge
    ? ['abstain', 'It is the first or the last quarter of an hour.']
    : ['approve', 'It is the middle of the session.'];
};

const seats: Readonly<Record<Voter, Seat>> = {
  regime_gate: { weightBps: 2_000, vetoes: true, vote: regimeGate },
  liquidity_filter: { weightBps: 1_500, vetoes: false, vote: liquidityFilter },
  volatility_sanity: { weightBps: 1_200, vetoes: false, vote: volatilitySanity },
  risk_reward_filter: { weightBps: 1_300, vetoes: false, vote: riskReward },
  concentration_filter: { weightBps: 1_500, vetoes: true, vote: concentration },
  beta_context_filter: { weightBps: 1_000, vetoes: false, vote: betaContext },
  signal_confidence_filter: { weightBps: 1_000, vetoes: false, vote: signalConfidence },
  time_of_day_filter: { weightBps: 500, vetoes: true, vote: timeOfDay },
};

/** What a vote counts for, in halves. */
const halves: Readonly<Record<Vote, number>> = { approve: 2, abstain: 1, reject: 0 };

export const approvedFromBps = 6_500;
const humanFromBps = 4_500;
const surelyFromBps = 7_000;

const escalationsOf = (
  { signal, intent, exposure }: Deliberated,
  scoreBps: number,
): readonly string[] => {
  const held = exposure.bySymbol.get(intent.symbol) ?? money.zero;
  return [
    ...(held * 20n > exposure.equity ? ['More than 5 % of equity is in the symbol already.'] : []),
    ...(signal.tradeabilityBps < 3_500 ? ['The regime is hardly to be traded.'] : []),
    ...(scoreBps < surelyFromBps ? ['The score is near the edge.'] : []),
  ];
};

/** Eight votes on a signal, weighed exactly (domain rules, section 8). */
export const deliberate = (input: Deliberated): Deliberation => {
  const votes = voters.map((voter) => {
    const [vote, reason] = seats[voter].vote(input);
    return { voter, vote, reason };
  });
  const scoreBps =
    votes.reduce((sum, { voter, vote }) => sum + seats[voter].weightBps * halves[vote], 0) / 2;
  const isVetoed = votes.some(({ voter, vote }) => vote === 'reject' && seats[voter].vetoes);
  if (isVetoed || scoreBps < humanFromBps)
    return { votes, scoreBps, outcome: 'rejected', escalations: [] };
  if (scoreBps < approvedFromBps)
    return { votes, scoreBps, outcome: 'requires_human_approval', escalations: [] };
  const escalations = escalationsOf(input, scoreBps);
  const outcome = escalations.length === 0 ? 'approved' : 'requires_human_approval';
  return { votes, scoreBps, outcome, escalations };
};
