/** What the adapter of EventStoreDB does against a fault, and the tests that fail where it does not. */
export type Defence = {
  readonly why: string;
  readonly file: string;
  /** Stands once in the file. */
  readonly defence: string;
  readonly instead: string;
  readonly noticedBy: (typeof testFiles)[number];
};

export const testFiles = [
  'faults.int.test.ts',
  'cluster.int.test.ts',
  'model.int.test.ts',
  'eventstoredb-event-store.int.test.ts',
] as const;

const sending: readonly Defence[] = [
  {
    why: 'an append that was not answered is sent again',
    file: 'send.ts',
    defence: 'performance.now() + pauseMs > endMs',
    instead: 'endMs > 0',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'sending again has an end',
    file: 'send.ts',
    defence: '|| performance.now() + pauseMs > endMs',
    instead: '',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'every append has a version',
    file: 'grpc-messages.ts',
    defence: 'else options.setStreamPosition(',
    instead: 'else options.setAny(new emptyPb.Empty()); void (',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'what stood before is known by its position',
    file: 'send.ts',
    defence: "if (answer.position <= seen) return { kind: 'stood', revision: answer.revision };",
    instead: '',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'an append without an answer ends in time',
    file: 'grpc-appends.ts',
    defence: 'reject(new EventStoreUnavailable(`EventStoreDB: no answer',
    instead: 'void (new EventStoreUnavailable(`EventStoreDB: no answer',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'a call that breaks off ends what waits for it',
    file: 'grpc-appends.ts',
    defence: 'for (const { reject } of each) reject(asLogError(error));',
    instead: 'void each;',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'who lost to another looks again before it goes on',
    file: 'append-lane.ts',
    defence: `      knowledge.doubt();
      // Whether an unanswered`,
    instead: '      // Whether an unanswered',
    noticedBy: 'model.int.test.ts',
  },
  {
    why: 'whether ids stand is looked at before a version is called wrong',
    file: 'append-lane.ts',
    defence: 'answer(1, judged([...range, ...last], known.head));',
    instead: 'answer(1, judged([], known.head));',
    noticedBy: 'faults.int.test.ts',
  },
];

const reading: readonly Defence[] = [
  {
    why: 'a read that failed is made again',
    file: 'retrying.ts',
    defence: 'const retryPausesMs = [50, 200, 800, 1_600];',
    instead: 'const retryPausesMs: number[] = [];',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'half an answer is none',
    file: 'grpc-client.ts',
    defence: "call.on('error', (error) => reject(asLogError(error)));",
    instead: "call.on('error', () => resolve(events));",
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'a read without an answer ends in time',
    file: 'grpc-client.ts',
    defence: 'return await Promise.race([task, late]);',
    instead: 'return await task;',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'reads go to the leader',
    file: 'grpc-connection.ts',
    defence: 'this.callArguments({ requiresLeader: true }, { deadline: deadlineIn(timeoutMs) })',
    instead: 'this.callArguments({ requiresLeader: false }, { deadline: deadlineIn(timeoutMs) })',
    noticedBy: 'cluster.int.test.ts',
  },
  {
    why: 'a search for the leader that nobody waits for ends no process',
    file: 'grpc-connection.ts',
    defence: 'handleError(client, error).catch(() => undefined);',
    instead: 'handleError(client, error);',
    noticedBy: 'cluster.int.test.ts',
  },
  {
    why: 'the event at a position is not read again',
    file: 'reader.ts',
    defence: 'const fresh = isStart ? page : page.slice(1);',
    instead: 'const fresh = page;',
    noticedBy: 'eventstoredb-event-store.int.test.ts',
  },
  {
    why: 'a position where no event stands is an alarm',
    file: 'reader.ts',
    defence: 'if (!isStart && page[0]?.position !== at) throw notHere(at);',
    instead: '',
    noticedBy: 'faults.int.test.ts',
  },
];

const following: readonly Defence[] = [
  {
    why: 'a subscription that ended is followed by another',
    file: 'subscription.ts',
    defence: '!(error instanceof EventStoreUnavailable) || pauseMs === undefined',
    instead: 'pauseMs === undefined || failures >= 0',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'the next subscription begins behind what the last one brought',
    file: 'subscription.ts',
    defence: 'client.subscribe(at)',
    instead: 'client.subscribe(after)',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'a subscription that ends without an error has ended',
    file: 'grpc-feed.ts',
    defence: "ended ??= new EventStoreUnavailable('EventStoreDB: the subscription was ended');",
    instead: '',
    noticedBy: 'faults.int.test.ts',
  },
  {
    why: 'what others wrote under our prefix is passed by',
    file: 'stored-event.ts',
    defence: "|| type.startsWith('$')",
    instead: '',
    noticedBy: 'faults.int.test.ts',
  },
];

export const defences: readonly Defence[] = [...sending, ...reading, ...following];
