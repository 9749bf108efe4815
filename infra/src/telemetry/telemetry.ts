import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventStore, RecordedEvent } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { Log } from '../runtime/index.ts';

/** A request of the protocol as it begins. Nothing of its arguments has a place here. */
export type Operation = {
  /** The protocol's name of it, such as `tools/call`. */
  readonly method: string;
  /** The tool as the list names it; undefined where there is none, or none of this name. */
  readonly tool?: string | undefined;
  /** The caller's own id of the request. */
  readonly requestId?: string | undefined;
  /** The revision of the protocol, of those that are served. */
  readonly protocolVersion?: string | undefined;
  /** The caller's W3C trace context; undefined where it sent none that is one. */
  readonly traceparent?: string | undefined;
};

/** An operation under way. */
export type Underway = {
  /** What its events are to carry, so that they lead to its trace; undefined where no trace is known. */
  readonly traceparent: string | undefined;
  /** Ends it, once: well, or with the code of what refused it. */
  readonly end: (errorType?: string) => void;
};

/** How the house stands, looked at whenever metrics are read. */
export type Standing = {
  readonly views: () => readonly { readonly view: string; readonly lagMs: number }[];
  readonly workflows: () => readonly {
    readonly name: string;
    readonly holds: boolean;
    readonly lagMs: number;
  }[];
  /** The scope of each halt in force. A rejection makes the figure NaN, and is told in the log. */
  readonly haltScopes: () => Promise<readonly string[]>;
};

/** What traces and metrics are made of. Nothing that it does can fail what it watches. */
export type Telemetry = {
  readonly begin: (operation: Operation) => Underway;
  /** Begins a step of a workflow. What it answers ends it, with what it failed by. */
  readonly beginStep: (step: {
    readonly workflow: string;
    /** The newest event that called for it. */
    readonly cause: Pick<RecordedEvent, 'id' | 'type' | 'logPosition' | 'metadata'>;
  }) => (error?: unknown) => void;
  /** The same store, whose appends are measured. */
  readonly overStore: (eventStore: EventStore) => EventStore;
  /** The same market, whose quotes tell how old they were when they were used. */
  readonly overMarket: (market: MarketData) => MarketData;
  /** From now on the metrics say how the house stands, until what it answers is called. */
  readonly observe: (standing: Standing) => () => Promise<void>;
  /** Answers a scrape in Prometheus' text form; undefined where nobody may scrape. */
  readonly scrape: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Sends what is left, within a bound, and ends. */
  readonly stop: () => Promise<void>;
};

export type TelemetryOptions = {
  /** Whether Prometheus may scrape. */
  readonly scraped: boolean;
  /** Where traces and metrics are sent over OTLP; undefined for nowhere. */
  readonly tracesUrl?: string | undefined;
  readonly metricsUrl?: string | undefined;
  /** Of the traces that begin here, the share that is recorded, 0 to 1; all unless given. Callers say it of theirs. */
  readonly tracesShare?: number | undefined;
  /** Sent with every export: keys of a collector often stand here. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly service: {
    readonly name: string;
    readonly version: string;
    /** Tells this run of the program from every other. */
    readonly instance: string;
  };
  /** How long the end waits for a collector; three seconds unless given. */
  readonly stopWithinMs?: number;
  readonly log: Pick<Log, 'warn'>;
};

/** Where nobody asked for traces or metrics: nothing is measured, and nothing of OpenTelemetry is loaded. */
export const noTelemetry: Telemetry = {
  begin: ({ traceparent }) => ({ traceparent, end: () => undefined }),
  beginStep: () => () => undefined,
  overStore: (eventStore) => eventStore,
  overMarket: (market) => market,
  observe: () => async () => undefined,
  scrape: undefined,
  stop: async () => undefined,
};
