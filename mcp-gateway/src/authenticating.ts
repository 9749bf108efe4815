import type { IncomingMessage } from 'node:http';
import type { Config } from '@sentinel/infra/config';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { type Authenticate, anyOf, localOperator } from './auth/index.ts';
import { subscriberOf } from './http/bound-connections.ts';
import { byOperatorKey } from './http/operator.ts';
import { adoptNamed, byKey, namedKeys } from './keys/index.ts';
import { operatorPrincipal } from './log-in/index.ts';
import type { Sentinel } from './sentinel.ts';
import { slowStrangers } from './throttle/index.ts';

type Settings = Pick<Config, 'SENTINEL_AUTH_ENABLED' | 'SENTINEL_API_KEYS_JSON'>;

/** Express knows what a proxy of ours says of its caller. */
const addressOf = (request: IncomingMessage): string =>
  subscriberOf(
    'ip' in request && typeof request.ip === 'string'
      ? request.ip
      : (request.socket.remoteAddress ?? ''),
  );

/** Who is let in, as the settings have it: whoever reaches loopback, or who shows what opens. */
export const authenticating = (
  { SENTINEL_AUTH_ENABLED: asks, SENTINEL_API_KEYS_JSON: entries }: Settings,
  {
    house,
    operatorKey,
    pepper,
    byToken,
  }: {
    /** By tokens of OAuth; undefined where there are none. */
    readonly byToken?: Authenticate | undefined;
    readonly house: () => Sentinel | undefined;
    readonly operatorKey: string;
    readonly pepper: string;
  },
): Authenticate =>
  asks
    ? slowStrangers(
        anyOf(
          byOperatorKey(operatorKey),
          byKey({ house, pepper, named: namedKeys(entries, pepper), now: systemClock }),
          ...(byToken === undefined ? [] : [byToken]),
        ),
        addressOf,
      )
    : localOperator();

/** Writes the keys of the setting into the log. Answers a sentence for each that opens nothing. */
export const adoptKeys = (
  { SENTINEL_API_KEYS_JSON: entries }: Pick<Settings, 'SENTINEL_API_KEYS_JSON'>,
  {
    house: { keys, grants },
    operatorKey,
    pepper,
  }: {
    readonly house: Pick<Sentinel, 'keys' | 'grants'>;
    readonly operatorKey: string;
    readonly pepper: string;
  },
): Promise<readonly string[]> => {
  const principal = operatorPrincipal(operatorKey);
  const correlationId = newId();
  return adoptNamed(entries, {
    ...{ keys, grants, pepper, at: systemClock() },
    by: { principal, identifiedBy: 'operator_key', through: 'command' },
    metadata: {
      ...{ principal, client: 'SENTINEL_API_KEYS_JSON', tool: 'start' },
      ...{ correlationId, causationId: correlationId },
    },
  });
};
