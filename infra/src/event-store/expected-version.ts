import {
  type AppendResult,
  canonicalJson,
  EventIdConflict,
  type ExpectedVersion,
  type RecordedEvent,
  type StreamVersion,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import type { AppendRequest } from './append-request.ts';

/** The version of a stream that does not exist: the next one is 0. */
export const noVersion = -1n;

/** Whether a stream whose last version is `head` is where the append expects it. */
export const isExpected = (expected: ExpectedVersion, head: bigint): boolean =>
  expected === 'any' || (expected === 'no-stream' ? head === noVersion : head === expected);

/**
 * What an append gets that cannot be written, given those of its event ids that are recorded: the
 * first outcome when all of them stand there just so, in one piece. Metadata may differ: a retry is
 * another request.
 */
export const judgeUnwritten = (
  request: AppendRequest,
  recorded: ReadonlyMap<string, RecordedEvent>,
  head: bigint,
): AppendResult | WrongExpectedVersion | EventIdConflict => {
  const found = request.events.map(({ id }) => recorded.get(id));
  if (found.every((event) => event === undefined)) {
    const actual = head === noVersion ? undefined : (head as StreamVersion);
    return new WrongExpectedVersion(request.stream, request.expected, actual);
  }
  const first = found[0];
  const last = found.at(-1);
  const same = found.every(
    (event, index) =>
      event !== undefined &&
      first !== undefined &&
      event.stream === request.stream &&
      event.version === first.version + BigInt(index) &&
      event.type === request.events[index]?.type &&
      canonicalJson(event.data) === request.events[index]?.data,
  );
  if (same && last !== undefined)
    return { version: last.version, logPosition: last.logPosition, repeated: true };
  const ids = request.events.map(({ id }) => id).filter((id) => recorded.has(id));
  return new EventIdConflict(
    `an append to ${request.stream}: recorded already with other content: ${ids.slice(0, 3).join(', ')}`,
  );
};
