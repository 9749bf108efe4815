import {
  type DecisionId,
  type ReadStore,
  type StreamName,
  type StreamVersion,
  z,
} from '@sentinel/contracts/kernel';
import { codedRow, projection } from '../kernel/index.ts';
import { recentEvents } from './recent-events.ts';

/** Where a decision's assessment stands in the log. */
export type DecisionPlace = {
  readonly stream: StreamName;
  readonly version: StreamVersion;
  readonly decisionId: DecisionId;
};

const row = z.strictObject({
  decision: z.string(),
  /** Where the assessment stands; null in a row that only leads from an order to its decision. */
  place: z.strictObject({ stream: z.string(), version: z.string() }).nullable(),
});
type DecisionRow = z.output<typeof row>;

/** Rows by decision id and by order id, each leading to the assessment. */
export const decisions = projection({
  view: 'decisions',
  version: 3,
  row: codedRow(row),
  types: ['RiskAssessed', 'OrderProposed', 'OrderSubmitted', 'OrderDenied'],
  begins: ['RiskAssessed', 'OrderProposed', 'OrderSubmitted', 'OrderDenied'],
  keys: ({ event }) => [event.type === 'RiskAssessed' ? event.data.decisionId : event.data.orderId],
  evolve: (_, { event, recorded: { stream, version } }) => ({
    decision: event.data.decisionId,
    place: event.type === 'RiskAssessed' ? { stream, version: `${version}` } : null,
  }),
  fields: [],
  fieldsOf: () => ({}),
});

/**
 * Finds a decision by its own id, by the id of its order, or by that of any event that names either;
 * undefined when there is none. @throws ViewParked, ReadStoreUnavailable
 */
export const locateDecision = async (
  readStore: ReadStore,
  id: string,
): Promise<DecisionPlace | undefined> => {
  const direct = await placeOf(readStore, id);
  if (direct !== undefined) return direct;
  const found = await readStore.find(recentEvents.view, { where: { event_id: id }, limit: 1 });
  const row = found.value[0]?.row;
  if (row === undefined) return undefined;
  const { decision_id, order_id } = recentEvents.row.parse(row);
  const named = decision_id ?? order_id;
  return named === null ? undefined : placeOf(readStore, named);
};

const placeOf = async (readStore: ReadStore, id: string): Promise<DecisionPlace | undefined> => {
  const row = await read(readStore, id);
  const { place, decision } =
    (row?.place === null ? await read(readStore, row.decision) : row) ?? {};
  if (decision === undefined || place === undefined || place === null) return undefined;
  return {
    stream: place.stream as StreamName,
    version: BigInt(place.version) as StreamVersion,
    decisionId: decision as DecisionId,
  };
};

const read = async (readStore: ReadStore, key: string): Promise<DecisionRow | undefined> => {
  const { value } = await readStore.get(decisions.view, key);
  return value === undefined ? undefined : decisions.row.parse(value);
};
