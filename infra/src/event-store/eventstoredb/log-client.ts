/** An event as it goes to the server: its payload already the bytes that are to stand there. */
export type ProposedEvent = {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
};

/** An event as the server gives it, whoever wrote it. */
export type ServerEvent = {
  readonly id: string;
  readonly type: string;
  /** The server's name of it, prefix and all. */
  readonly stream: string;
  readonly revision: bigint;
  /** `commit << 64 | prepare`. */
  readonly position: bigint;
  readonly createdMicroseconds: bigint;
  readonly data: string;
  readonly metadata: string;
};

export type ServerAppend = {
  readonly stream: string;
  readonly events: readonly ProposedEvent[];
  /** The stream's last revision, or -1 when it must not exist. There is no other: see the record of decisions. */
  readonly expected: bigint;
};

/** `wrong`: the stream's last revision is another; -1 when it does not exist. */
export type ServerAppendResult =
  | { readonly kind: 'taken'; readonly revision: bigint; readonly position: bigint }
  | { readonly kind: 'wrong'; readonly actual: bigint };

export type Direction = 'forwards' | 'backwards';

export type StreamRead = {
  readonly stream: string;
  /** Inclusive; `end` is the last event, read backwards. */
  readonly from: bigint | 'end';
  readonly maxCount: number;
};

export type LogRead = {
  /** Inclusive. It must be where an event stands. */
  readonly from: bigint | 'start' | 'end';
  readonly direction: Direction;
  readonly maxCount: number;
};

/** What a subscription brings: an event, or how far there was none of ours. */
export type LogFeedItem =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'checkpoint'; readonly position: bigint };

/** A subscription under way. It is pulled: whoever does not ask is sent no more. */
export type LogFeed = {
  /** What has come in, at most `maxCount`; waits when there is nothing. Undefined once it has been closed. */
  readonly take: (maxCount: number) => Promise<readonly LogFeedItem[] | undefined>;
  readonly close: () => void;
};

/**
 * All that the adapter asks of the client library, so that another library is another file. Every call
 * ends within the bound that the client was opened with, and fails as one of the port's errors.
 */
export type LogClient = {
  /** @throws ServerRefused, EventStoreUnavailable: whether it took effect is not known */
  readonly append: (append: ServerAppend) => Promise<ServerAppendResult>;
  /** Empty when there is no such stream. */
  readonly readStream: (read: StreamRead) => Promise<readonly ServerEvent[]>;
  /** Only streams under our prefix. */
  readonly readAll: (read: LogRead) => Promise<readonly ServerEvent[]>;
  /** What stands after a position, and then what comes. */
  readonly subscribe: (after: bigint) => Promise<LogFeed>;
  readonly close: () => Promise<void>;
};

/** The server will not, however often it is asked. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
  /** True when the log itself is not as it was: a stream deleted for good, a position that is none. */
  readonly isFinal: boolean;
  constructor(message: string, isFinal: boolean) {
    super(message);
    this.isFinal = isFinal;
  }
}
