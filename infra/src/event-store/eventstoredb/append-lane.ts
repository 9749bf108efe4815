import { EventStoreUnavailable, type StreamName } from '@sentinel/contracts/kernel';
import { noVersion } from '../expected-version.ts';
import { judged, placesOf, type WaitingAppend } from './append-answers.ts';
import { countTogether } from './append-plan.ts';
import { streamKnowledge } from './known-stream.ts';
import type { Reader } from './reader.ts';
import { portError } from './retrying.ts';
import type { SendOnce } from './send.ts';

export type AppendLane = {
  readonly offer: (append: WaitingAppend) => void;
  readonly isIdle: () => boolean;
};

type LaneOptions = {
  readonly stream: StreamName;
  readonly reader: Reader;
  readonly send: SendOnce;
};

/** So often an append goes again because others were first; each time somebody got through. */
const roundsAtMost = 100;

/**
 * The appends of one stream, one call at a time: those that wait meanwhile and follow from each other
 * go together in the next. Every one is sent at a version, also where any will do, because only then
 * does the server tell a repetition from a new append, over restarts and for good.
 */
export const appendLane = ({ stream, reader, send }: LaneOptions): AppendLane => {
  const waiting: WaitingAppend[] = [];
  const knowledge = streamKnowledge(reader, stream);
  let working = false;
  let rounds = 0;

  const answer = (count: number, settle: (append: WaitingAppend) => void) => {
    rounds = 0;
    for (const append of waiting.splice(0, count)) settle(append);
  };

  /** The first of those that wait cannot be written as things stand: once they are looked at, say why. */
  const judgeFirst = async () => {
    const [first] = waiting;
    if (first === undefined) return;
    const { request } = first;
    const last = await knowledge.look();
    const known = await knowledge.know();
    if (countTogether([request], known) === 1) return;
    const behind = request.expected === 'no-stream' ? noVersion : request.expected;
    // Where a repetition of it stands, should that be further back.
    const range =
      behind === 'any' || behind + 1n >= (last[0]?.version ?? 0n)
        ? []
        : await reader.stream(stream, behind + 1n, request.events.length);
    answer(1, judged([...range, ...last], known.head));
  };

  const sendFirst = async (count: number, head: bigint) => {
    const requests = waiting.slice(0, count).map(({ request }) => request);
    const events = requests.flatMap((request) => request.events);
    const sent = await send({ stream, events, expected: head });
    if (sent.kind === 'wrong') {
      knowledge.doubt();
      // Whether an unanswered try of it stands there is looked at before anything is said.
      return;
    }
    if (sent.kind === 'stood') {
      knowledge.doubt();
      const first = sent.revision - BigInt(events.length - 1);
      return answer(count, judged(await reader.stream(stream, first, events.length), head));
    }
    const ids = events.map(({ id }) => id);
    knowledge.wrote(ids, sent.revision);
    const places = await placesOf(reader, stream, { requests, ...sent });
    answer(count, ({ request, resolve }) => {
      const place = places.get(request);
      if (place !== undefined) resolve({ ...place, repeated: false });
    });
  };

  const step = async () => {
    rounds += 1;
    if (rounds > roundsAtMost)
      throw new EventStoreUnavailable(`${stream}: others were first ${roundsAtMost} times`);
    const known = await knowledge.know();
    const count = countTogether(
      waiting.map(({ request }) => request),
      known,
    );
    if (count === 0) await judgeFirst();
    else await sendFirst(count, known.head);
  };

  const work = async () => {
    working = true;
    while (waiting.length > 0) {
      try {
        await step();
      } catch (error) {
        knowledge.doubt();
        // Whoever waits behind it would wait as long for the same answer.
        answer(waiting.length, ({ reject }) => reject(portError(error)));
      }
    }
    working = false;
  };

  return {
    offer: (append) => {
      waiting.push(append);
      if (!working) void work();
    },
    isIdle: () => !working,
  };
};
