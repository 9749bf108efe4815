import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../runtime/index.ts';
import { openTestFake, type TestFake } from './fake/open-test-fake.ts';
import { openGrpcClient } from './grpc-client.ts';
import type { LogClient, ServerEvent } from './log-client.ts';
import { retrying } from './retrying.ts';

const url = process.env.EVENTSTORE_TEST_URL;
const reason = url === undefined ? ' (EVENTSTORE_TEST_URL names none)' : '';

type Step =
  | { readonly do: 'append'; readonly expected: bigint; readonly ids: readonly number[] }
  | { readonly do: 'stream'; readonly from: bigint | 'end'; readonly maxCount: number }
  | {
      readonly do: 'all';
      /** Which event's position, of those that were seen; or an end of the log; or none at all. */
      readonly from: number | 'start' | 'end' | 'between' | 'beyond';
      readonly direction: 'forwards' | 'backwards';
      readonly maxCount: number;
    };

const maxCount = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      expected: fc.bigInt({ min: -1n, max: 4n }),
      ids: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 3 }),
    }),
  },
  fc.record({
    do: fc.constant('stream' as const),
    from: fc.oneof(fc.constant('end' as const), fc.bigInt({ min: 0n, max: 6n })),
    maxCount,
  }),
  fc.record({
    do: fc.constant('all' as const),
    from: fc.oneof(
      fc.nat(5),
      fc.constantFrom('start' as const, 'end' as const, 'between' as const, 'beyond' as const),
    ),
    direction: fc.constantFrom('forwards' as const, 'backwards' as const),
    maxCount,
  }),
);

/** What a server answers to each step, its positions told by the events that stand there. */
const play = async (client: LogClient, prefix: string, steps: readonly Step[]) => {
  const names = new Map<string, number>();
  const idOf = (n: number) => {
    const known = [...names].find(([, each]) => each === n)?.[0] ?? newId();
    names.set(known, n);
    return known;
  };
  const at: bigint[] = [];
  const place = (position: bigint) => {
    if (!at.includes(position)) at.push(position);
    return at.indexOf(position);
  };
  const told = (events: readonly ServerEvent[]) =>
    events.map(({ id, revision, position, data }) => [
      names.get(id),
      `${revision}`,
      place(position),
      data,
    ]);
  const answer = async (asked: Step): Promise<unknown> => {
    if (asked.do === 'append') {
      const events = asked.ids.map((n) => ({
        id: idOf(n),
        type: 'A',
        data: `${n}`,
        metadata: '{}',
      }));
      const result = await client.append({
        ...{ stream: `${prefix}s-1`, expected: asked.expected, events },
      });
      return result.kind === 'wrong'
        ? `wrong, at ${result.actual}`
        : `taken ${result.revision} ${place(result.position)}`;
    }
    if (asked.do === 'stream')
      return told(await client.readStream({ ...asked, stream: `${prefix}s-1` }));
    const last = at.at(-1) ?? 0n;
    const wanted = {
      between: last + 1n,
      beyond: last + (10_000_000_000n << 64n) + 10_000_000_000n,
    };
    const named = typeof asked.from === 'number' ? (at[asked.from] ?? 'start') : asked.from;
    const from = named === 'between' || named === 'beyond' ? wanted[named] : named;
    return told(await client.readAll({ ...asked, from }));
  };
  const answers: unknown[] = [];
  for (const each of steps)
    answers.push(await answer(each).catch((error: Error) => `${error.name}`));
  return answers;
};

describe.skipIf(url === undefined)(`the fake and a server${reason}`, () => {
  let fake: TestFake;
  let clients: readonly LogClient[];
  const prefix = `test.${newId()}.`;
  beforeAll(async () => {
    fake = await openTestFake();
    clients = [fake.url, url ?? ''].map((of) =>
      openGrpcClient({ url: of, prefix, callMs: 10_000 }),
    );
    // A follower, or a cluster: the first call finds the leader, and is no answer of it.
    const end = { from: 'end', direction: 'backwards', maxCount: 1 } as const;
    for (const client of clients) await retrying(() => client.readAll(end));
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await fake.dispose();
  });

  test('answer alike to any sequence of appends and reads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const own = `${prefix}${newId()}.`;
        const [one, other] = clients.map((client) => play(client, own, steps));
        expect(await one).toEqual(await other);
      }),
      { numRuns: 60 },
    );
  }, 240_000);
});
