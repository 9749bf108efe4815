import { BlockList, isIPv6 } from 'node:net';

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

type Ends = {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
};

/** Whether a connection comes from this machine: over loopback, or from the address that it goes to. */
export const isLocal = ({ remoteAddress, localAddress }: Ends): boolean =>
  remoteAddress !== undefined &&
  (remoteAddress === localAddress ||
    loopbackAddresses.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4'));
