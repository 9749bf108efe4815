import { type ReadStore, type StreamName, type StreamVersion, z } from '@sentinel/contracts/kernel';
import { codedRow, projection } from '../kernel/index.ts';

/** Where a classification, a signal or a scan stands in the log. */
export type FindingPlace = { readonly stream: StreamName; readonly version: StreamVersion };

const row = z.strictObject({ stream: z.string(), version: z.string() });

/** One row for each id by which a finding is named: its event's, and a signal's own. */
export const findings = projection({
  view: 'findings',
  version: 1,
  row: codedRow(row),
  types: ['RegimeClassified', 'SignalFound', 'ScanCompleted'],
  begins: ['RegimeClassified', 'SignalFound', 'ScanCompleted'],
  keys: ({ event, recorded }) =>
    event.type === 'SignalFound' ? [recorded.id, event.data.signal.signalId] : [recorded.id],
  evolve: (_, { recorded: { stream, version } }) => ({ stream, version: `${version}` }),
  fields: [],
  fieldsOf: () => ({}),
});

/** Undefined when no finding has this id. @throws ViewParked, ReadStoreUnavailable */
export const locateFinding = async (
  readStore: ReadStore,
  id: string,
): Promise<FindingPlace | undefined> => {
  const { value } = await readStore.get(findings.view, id);
  if (value === undefined) return undefined;
  const { stream, version } = findings.row.parse(value);
  return { stream: stream as StreamName, version: BigInt(version) as StreamVersion };
};
