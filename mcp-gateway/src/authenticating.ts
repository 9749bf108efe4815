import type { Config } from '@sentinel/infra/config';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { type Authenticate, anyOf, localOperator } from './auth/index.ts';
import { byOperatorKey } from './http/operator.ts';
import { adoptNamed, byKey, namedKeys } from './keys/index.ts';
import { operatorPrincipal } from './log-in/index.ts';
import type { Sentinel } from './sentinel.ts';

type Settings = Pick<Config, 'SENTINEL_AUTH_ENABLED' | 'SENTINEL_API_KEYS_JSON'>;

/** Who is let in, as the settings have it: whoever reaches loopback, or who shows what opens. */
export const authenticating = (
  { SENTINEL_AUTH_ENABLED: asks, SENTINEL_API_KEYS_JSON: entries }: Settings,
  {
    house,
    operatorKey,
    pepper,
  }: {
    readonly house: () => Sentinel | undefined;
    readonly operatorKey: string;
    readonly pepper: string;
  },
): Authenticate =>
  asks
    ? anyOf(
        byOperatorKey(operatorKey),
        byKey({ house, pepper, named: namedKeys(entries, pepper), now: systemClock }),
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
