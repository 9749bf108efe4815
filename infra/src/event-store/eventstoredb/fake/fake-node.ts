import gossipServices from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  type Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { notLeader } from './fake-appends.ts';
import type { FakeSecurity } from './faults.ts';

export const host = '127.0.0.1';

export type FakeNode = {
  readonly port: number;
  /** It leads no more: whatever call is open hears who does. */
  readonly resign: () => void;
  readonly stop: () => void;
};

type NodeOptions = {
  /** 0: any that is free. */
  readonly port: number;
  readonly security: FakeSecurity | undefined;
  readonly streams: UntypedServiceImplementation;
  /** What a follower answers whoever did not ask for the leader: it has nothing yet. */
  readonly lagging: UntypedServiceImplementation;
  readonly leaderPort: () => number;
  /** False while an election goes on. */
  readonly isLed: () => boolean;
  readonly ports: () => readonly number[];
};

type AnyCall = {
  readonly metadata: Metadata;
  readonly emit: (event: 'error', error: unknown) => unknown;
  readonly on: (event: 'error' | 'end' | 'cancelled', listener: () => void) => unknown;
};

/** One node of the cluster: whoever needs the leader is sent to it, and who does not say who he is goes away. */
export const startNode = async (options: NodeOptions): Promise<FakeNode> => {
  const { security, streams, lagging, leaderPort, isLed, ports } = options;
  const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  let port = options.port;
  const expected =
    security && `Basic ${Buffer.from(`ops:${security.password}`).toString('base64')}`;
  const open = new Set<AnyCall>();
  const fail = (call: AnyCall, [code, details]: readonly [status, string], metadata?: Metadata) =>
    call.emit('error', { code, details, ...(metadata && { metadata }) });
  const sendToLeader = (call: AnyCall) =>
    fail(
      call,
      [status.NOT_FOUND, 'Leader info available'],
      notLeader({ host, port: leaderPort() }),
    );
  const guarded =
    (name: string) =>
    (call: AnyCall): void => {
      for (const event of ['error', 'end', 'cancelled'] as const)
        call.on(event, () => void open.delete(call));
      if (expected !== undefined && call.metadata.get('authorization')[0] !== expected)
        return void fail(call, [status.UNAUTHENTICATED, 'Unauthorized']);
      if (!isLed()) return void fail(call, [status.UNAVAILABLE, 'Server Is Not Ready']);
      const wantsLeader = call.metadata.get('requires-leader')[0] === 'true';
      if (wantsLeader && port !== leaderPort()) return void sendToLeader(call);
      open.add(call);
      const serving = port === leaderPort() ? streams : lagging;
      (serving[name] as (call: AnyCall) => unknown)(call);
    };
  server.addService(
    services.StreamsService,
    Object.fromEntries(Object.keys(streams).map((name) => [name, guarded(name)])),
  );
  server.addService(gossipServices.GossipService, {
    read: (_call: unknown, answer: sendUnaryData<gossipPb.ClusterInfo>) =>
      answer(
        null,
        clusterOf(
          ports(),
          isLed() ? leaderPort() : undefined,
          security === undefined ? host : 'localhost',
        ),
      ),
  });
  const credentials =
    security === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [
          {
            private_key: Buffer.from(security.identity.key),
            cert_chain: Buffer.from(security.identity.certificate),
          },
        ]);
  port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    resign: () => {
      for (const call of [...open]) sendToLeader(call);
    },
    stop: () => server.forceShutdown(),
  };
};

const clusterOf = (ports: readonly number[], leaderPort: number | undefined, address: string) => {
  const { LEADER, FOLLOWER, UNKNOWN } = gossipPb.MemberInfo.VNodeState;
  const cluster = new gossipPb.ClusterInfo();
  for (const port of ports) {
    const id = new sharedPb.UUID();
    id.setString(crypto.randomUUID());
    const endpoint = new gossipPb.EndPoint();
    endpoint.setAddress(address);
    endpoint.setPort(port);
    const member = new gossipPb.MemberInfo();
    member.setInstanceId(id);
    member.setTimeStamp('0');
    member.setIsAlive(true);
    const led = port === leaderPort ? LEADER : FOLLOWER;
    member.setState(leaderPort === undefined ? UNKNOWN : led);
    member.setHttpEndPoint(endpoint);
    cluster.addMembers(member);
  }
  return cluster;
};
