/** An event in the fake's log, with the texts as they came. */
export type FakeRecord = {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  /** Commit and prepare position in one: a byte offset, so that positions have gaps. */
  readonly offset: bigint;
  readonly createdMs: number;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

export type FakeEvent = Pick<FakeRecord, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export type FakeAppend = {
  readonly stream: string;
  /** Undefined: any. -1: no stream. */
  readonly expected: bigint | undefined;
  readonly events: readonly FakeEvent[];
};

export type FakeResult =
  | { readonly kind: 'taken'; readonly revision: bigint; readonly offset: bigint }
  | { readonly kind: 'wrong'; readonly actual: bigint }
  | { readonly kind: 'too-large' };

export type FakeLog = {
  readonly append: (append: FakeAppend) => FakeResult;
  readonly all: readonly FakeRecord[];
  /** Where the first event stands whose offset is at least `offset`; the length of the log when there is none. */
  readonly indexAt: (offset: bigint) => number;
  readonly stream: (name: string) => readonly FakeRecord[];
  /** What a restart takes away: the memory of appends at any version. */
  readonly forget: () => void;
};

const largestAppend = 1_048_576;

/** The log of a server as measured: what it repeats, what it refuses, and what it lets pass. */
export const fakeLog = (): FakeLog => {
  const all: FakeRecord[] = [];
  const streams = new Map<string, FakeRecord[]>();
  let appendedAtAny = new Map<string, FakeRecord>();
  let offset = 151n;

  const record = (stream: string, event: FakeEvent): FakeRecord => {
    const of = streams.get(stream) ?? [];
    streams.set(stream, of);
    const recorded = {
      ...event,
      stream,
      revision: BigInt(of.length),
      offset,
      createdMs: Date.now(),
    };
    offset += BigInt(131 + event.data.length + event.metadata.length);
    of.push(recorded);
    all.push(recorded);
    return recorded;
  };
  // Every server has events of its own in its log, from the start.
  record('$users', {
    ...{ id: crypto.randomUUID(), type: '$UserCreated', contentType: 'application/json' },
    ...{ data: Buffer.from('{}'), metadata: Buffer.from('') },
  });

  const write = ({ stream, events, expected }: FakeAppend): FakeResult => {
    let last: FakeRecord | undefined;
    for (const event of events) {
      last = record(stream, event);
      if (expected === undefined) appendedAtAny.set(`${stream} ${event.id}`, last);
    }
    return takenAs(last);
  };

  return {
    all,
    indexAt: (wanted) => {
      let [low, high] = [0, all.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((all[middle]?.offset ?? 0n) < wanted) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    stream: (name) => streams.get(name) ?? [],
    forget: () => {
      appendedAtAny = new Map();
    },
    append: (append) => {
      const { stream, events, expected } = append;
      const size = events.reduce(
        (sum, { data, metadata, type }) => sum + data.length + metadata.length + 2 * type.length,
        0,
      );
      if (size > largestAppend) return { kind: 'too-large' };
      const of = streams.get(stream) ?? [];
      const head = BigInt(of.length) - 1n;
      if (expected === undefined) {
        const known = events.map(({ id }) => appendedAtAny.get(`${stream} ${id}`));
        return known.every((each) => each !== undefined) ? takenAs(known.at(-1)) : write(append);
      }
      if (expected === head) return write(append);
      // The ids alone are compared: another payload under the same id is answered as taken.
      const standing = of.slice(Number(expected) + 1, Number(expected) + 1 + events.length);
      const same =
        standing.length === events.length &&
        standing.every(({ id }, index) => id === events[index]?.id);
      return same ? takenAs(standing.at(-1)) : { kind: 'wrong', actual: head };
    },
  };
};

const takenAs = (last: FakeRecord | undefined): FakeResult => {
  if (last === undefined) throw new RangeError('an append has events');
  return { kind: 'taken', revision: last.revision, offset: last.offset };
};
