import { readFileSync } from 'node:fs';
import {
  type ChannelCredentialOptions,
  convertToCommandError,
  type DNSClusterOptions,
  EventStoreDBClient,
  type GossipClusterOptions,
  type SingleNodeOptions,
} from '@eventstore/db-client';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { reasonOf, StartupError } from '../../runtime/index.ts';
import { type ConnectionAddress, namesOnly } from './connection-address.ts';
import { ServerRefused } from './log-client.ts';

export type ReadCall = ClientReadableStream<Streams.ReadResp>;
export type AppendCall = ClientDuplexStream<Streams.BatchAppendReq, Streams.BatchAppendResp>;

type Settings = DNSClusterOptions | GossipClusterOptions | SingleNodeOptions;

const { StreamsClient } = services;
const forever = Number.POSITIVE_INFINITY;

/**
 * The client library as far as it is used: it finds the leader, keeps the channel and renews it. Its own
 * appends and reads are passed by: appends of two clients share one table of waiting callers, where a
 * channel that ends rejects the other's and the answer that follows kills the process; reads of the
 * whole log take no filter and no deadline; and no payload goes as the bytes that it is.
 */
export class Connection extends EventStoreDBClient {
  readonly #appends = new WeakMap<
    InstanceType<typeof StreamsClient>,
    AppendCall | Promise<AppendCall>
  >();

  constructor(
    settings: Settings,
    channel: ChannelCredentialOptions,
    credentials: ConnectionAddress['credentials'],
  ) {
    // It takes any of the three, though it does not say so of all of them together.
    super(settings as SingleNodeOptions, channel, credentials);
    const { handleError } = this;
    // It hears here of a call that has failed, and waits for a search for the leader that goes on then,
    // with nobody to hear of one that finds none: an election of a second or two ended the process.
    // Whoever wants to call waits for the same search, and is told.
    this.handleError = (client, error) => handleError(client, error).catch(() => undefined);
  }

  readonly openRead = (request: Streams.ReadReq, timeoutMs = forever): Promise<ReadCall> =>
    this.GRPCStreamCreator(StreamsClient, 'read', (client) =>
      client.read(
        request,
        ...this.callArguments({ requiresLeader: true }, { deadline: deadlineIn(timeoutMs) }),
      ),
    )();

  /** One call carries all appends of this connection, in order; the next is opened when it has ended. */
  readonly openAppends = (): Promise<AppendCall> =>
    this.GRPCStreamCreator(
      StreamsClient,
      'batchAppend',
      (client) =>
        client.batchAppend(...this.callArguments({ requiresLeader: true }, { deadline: forever })),
      this.#appends,
    )();
}

const deadlineIn = (timeoutMs: number): number =>
  timeoutMs === forever ? forever : Date.now() + timeoutMs;

/** @throws StartupError when a certificate cannot be read */
export const openConnection = (address: ConnectionAddress): Connection => {
  const { discover, hosts, credentials, options } = address;
  const [first] = hosts;
  if (first === undefined) throw new RangeError('a connection address has a host');
  const count = (name: string) =>
    options[name] === undefined ? {} : { [name]: Number(options[name]) };
  const settings = {
    ...count('keepAliveInterval'),
    ...count('keepAliveTimeout'),
    connectionName: options.connectionName ?? 'sentinel',
  };
  const discovery = {
    ...settings,
    ...count('discoveryInterval'),
    ...count('gossipTimeout'),
    ...count('maxDiscoverAttempts'),
    nodePreference: 'leader' as const,
  };
  const channel = {
    insecure: options.tls === 'false',
    ...file('rootCertificate', options.tlsCAFile),
    ...file('userCertFile', options.userCertFile),
    ...file('userKeyFile', options.userKeyFile),
  };
  if (discover) return new Connection({ ...discovery, discover: first }, channel, credentials);
  if (hosts.length > 1)
    return new Connection({ ...discovery, endpoints: [...hosts] }, channel, credentials);
  return new Connection({ ...settings, endpoint: first }, channel, credentials);
};

const file = (name: string, path: string | undefined) => {
  if (path === undefined) return {};
  try {
    return { [name]: readFileSync(path) };
  } catch (cause) {
    throw new StartupError(`EVENTSTORE_URL names a certificate that cannot be read: ${path}.`, {
      code: 'event-store-unusable',
      cause,
    });
  }
};

/** What 24.10 and 23.10 say of a position that is no event's. */
const noSuchPosition = /ReadAllResult: (InvalidPosition|Error)/;
/** What Node says where a cluster names its nodes in digits. */
const nameInDigits = /ServerName to an IP address/;
const refusals: ReadonlySet<string> = new Set(['access-denied', 'stream-deleted']);

/** What went wrong with a call, as one of ours. Whatever is not known for a refusal may pass. */
export const asLogError = (error: unknown): Error => {
  if (error instanceof EventStoreUnavailable || error instanceof ServerRefused) return error;
  const converted = error instanceof Error ? convertToCommandError(error) : undefined;
  const type = converted !== undefined && 'type' in converted ? String(converted.type) : undefined;
  // No cause: the library's errors carry what the call was made with.
  if (type !== undefined && refusals.has(type))
    return new ServerRefused(`EventStoreDB: ${type}`, type === 'stream-deleted');
  const reason = reasonOf(error);
  if (nameInDigits.test(reason))
    return new ServerRefused(
      `EventStoreDB: the cluster names its nodes in digits. ${namesOnly}`,
      false,
    );
  return noSuchPosition.test(reason)
    ? new ServerRefused('EventStoreDB: no event of this log stands at that position', true)
    : new EventStoreUnavailable(`EventStoreDB: ${reason}`);
};
