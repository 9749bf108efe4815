import type {
  AppendResult,
  LogPosition,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import type { AppendRequest } from '../append-request.ts';
import { judgeUnwritten } from '../expected-version.ts';
import type { Reader } from './reader.ts';

export type WaitingAppend = {
  readonly request: AppendRequest;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
};

/** Answers from what stands in the stream already: the first outcome, or why it cannot be written. */
export const judged =
  (recorded: readonly RecordedEvent[], head: bigint) =>
  ({ request, resolve, reject }: WaitingAppend): void => {
    const byId = new Map<string, RecordedEvent>(recorded.map((event) => [event.id, event]));
    const result = judgeUnwritten(request, byId, head);
    if (result instanceof Error) reject(result);
    else resolve(result);
  };

type Written = {
  readonly requests: readonly AppendRequest[];
  readonly revision: bigint;
  readonly position: bigint;
};
type Place = Pick<AppendResult, 'version' | 'logPosition'>;

/** The server answers where the last event of an append stands; of several in one the rest is read back. */
export const placesOf = async (
  reader: Reader,
  stream: StreamName,
  { requests, revision, position }: Written,
): Promise<ReadonlyMap<AppendRequest, Place>> => {
  const last: Place = {
    version: revision as StreamVersion,
    logPosition: position as LogPosition,
  };
  if (requests.length === 1) return new Map(requests.map((request) => [request, last]));
  const count = requests.reduce((sum, { events }) => sum + events.length, 0);
  const written = await reader.stream(stream, revision - BigInt(count - 1), count);
  const byId = new Map<string, Place>(written.map((event) => [event.id, event]));
  return new Map(
    requests.map((request) => {
      const { version, logPosition } = byId.get(request.events.at(-1)?.id ?? '') ?? last;
      return [request, { version, logPosition }];
    }),
  );
};
