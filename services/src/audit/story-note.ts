import { averagePrice, money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import { capitalised, type NameOf, namesOf, saying } from './sentences.ts';
import type { Line, Told } from './story-line.ts';

/** A line of a note, and whether the story cannot be understood without it. */
type NoteLine = Line & { readonly weighs: boolean };

/** Events by which a trade comes about; the rest tells how it got there, and is left out first. */
const weighing = new Set([
  'OrderSubmitted',
  'OrderProposed',
  'OrderDenied',
  'OrderFilled',
  'OrderTriggered',
  'OrderReplaced',
  'OrderRejected',
  'OrderCanceled',
  'OrderExpired',
  'ExecutionBusted',
  'ExecutionCorrected',
  'CorporateActionApplied',
  'RiskAssessed',
]);

/** Events of which a run is told by its last one. */
const running = new Set(['OrderStopMoved', 'OrderPartiallyFilled', 'OrderReplaced']);

/** Whose run an event may go on with: that of its order, or of the nights. */
const threadOf = ({ event }: Told): string => {
  if (event.type === 'WorkingOrdersCarried') return 'nights';
  return 'orderId' in event.data ? `${event.data.orderId}` : '';
};

type Run = readonly [Told, ...Told[]];

/** Runs by where they end. Between two events of one run there is none of the same order, but for nights. */
const runsOf = (told: readonly Told[]): readonly Run[] => {
  const runs = new Set<Run>();
  const newest = new Map<string, Run>();
  for (const each of told) {
    const thread = threadOf(each);
    const before = newest.get(thread);
    const goesOn =
      before !== undefined &&
      before[0].event.type === each.event.type &&
      (thread === 'nights' || running.has(each.event.type));
    const run: Run = goesOn ? [...before, each] : [each];
    if (goesOn) runs.delete(before);
    runs.add(run);
    newest.set(thread, run);
  }
  return [...runs];
};

const runLine = (told: Run, say: (of: Told) => string, nameOf: NameOf): string => {
  const last = told.at(-1) as Told;
  const { event } = last;
  if (told.length === 1) return capitalised(say(last));
  if (event.type === 'OrderPartiallyFilled') {
    const { cumulativeQuantity: traded, filledNotional, leavesQuantity } = event.data;
    const mean = price.format(averagePrice(filledNotional, traded, 'half-even'));
    return `In ${told.length} executions until ${event.data.at} ${nameOf(event.data.orderId)} traded ${quantity.format(traded)} at ${mean} on average, for ${money.format(filledNotional)} dollars in all; ${quantity.format(leavesQuantity)} left.`;
  }
  return event.type !== 'WorkingOrdersCarried'
    ? `In ${told.length} steps: ${say(last)}`
    : `Over ${told.length} nights, the first before ${told[0].date}: ${say(last)}`;
};

const linesOf = (told: readonly Told[], orders: readonly OrderId[]): readonly NoteLine[] => {
  const say = saying(told, orders);
  const nameOf = namesOf(told, orders);
  return runsOf(told).map((run) => {
    const last = run.at(-1) as Told;
    return {
      text: runLine(run, say, nameOf),
      event_id: last.id,
      weighs: weighing.has(last.event.type),
    };
  });
};

/** What a line takes in an answer: its text, its event and the names of both. */
const lengthOf = ({ text, event_id: id }: Line): number =>
  JSON.stringify({ text, event_id: id }).length + 1;

/** From the middle outwards: a story is known by how it began and how it ended. */
const fromTheMiddle = <Value>(values: readonly Value[]): readonly Value[] => {
  const middle = (values.length - 1) / 2;
  return values
    .map((value, index) => ({ value, away: Math.abs(index - middle) }))
    .sort((a, b) => a.away - b.away)
    .map(({ value }) => value);
};

/** Room that the sentence on what is left out takes. */
const omittedLength = 170;

/** So many lines as there is room for, in characters: of a longer story its beginning and its end. */
const fitting = (lines: readonly NoteLine[], room: number): readonly Line[] => {
  const sum = lines.reduce((total, line) => total + lengthOf(line), 0);
  const left = new Set(lines);
  const last = lines.at(-1);
  let taken = sum;
  const leaveOut = (of: readonly NoteLine[]) => {
    for (const line of fromTheMiddle(of)) {
      if (taken <= room - omittedLength || line === last) continue;
      taken -= lengthOf(line);
      left.delete(line);
    }
  };
  if (sum > room) {
    leaveOut(lines.filter(({ weighs }) => !weighs));
    leaveOut(lines.filter(({ weighs }) => weighs));
  }
  const shown = lines.filter((line) => left.has(line)).map(({ weighs: _, ...line }) => line);
  const omitted = lines.length - shown.length;
  const end = shown.at(-1);
  if (omitted === 0 || end === undefined) return shown;
  const words = `(${omitted} steps of the story are left out here; detail full tells them.) `;
  return [...shown.slice(0, -1), { ...end, text: `${words}${end.text}` }];
};

/** A story line by line, each with its event; in a note at most so many characters of it. */
export const storyLines = (
  told: readonly Told[],
  orders: readonly OrderId[],
  room: number | undefined,
): readonly Line[] => {
  if (room !== undefined) return fitting(linesOf(told, orders), room);
  const say = saying(told, orders);
  return told.map((each) => ({ text: capitalised(say(each)), event_id: each.id }));
};
