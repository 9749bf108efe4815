import type { LogPosition, ReadStore } from '@sentinel/contracts/kernel';
import { isBefore, ReadStoreUnavailable } from '@sentinel/contracts/kernel';
import { type KeyRow, listGrants, listKeys } from '@sentinel/projections/access';
import { isInForce, type LastUses } from '@sentinel/services/access';

/** A key as a human is shown it: what it is known by stays in the log. */
export type ListedKey = {
  readonly key_id: string;
  readonly label: string;
  /** What its grant allows, as it stands; nothing once that was revoked or has expired. */
  readonly allows: readonly string[];
  readonly expires_at: string | null;
  /** Until when the secret before the last rotation opens too; null where it does not. */
  readonly previous_until: string | null;
  readonly standing: 'in_force' | 'expired' | 'revoked';
  /** As far as this process knows, and since it began. */
  readonly last_used: string | null;
};

const waitMs = 2_000;

const standingOf = ({ standing, until }: KeyRow, at: Temporal.Instant) =>
  standing === 'in_force' && until !== null && !isBefore(at, until) ? 'expired' : standing;

/** All keys, the newest of what this process wrote included. @throws ViewParked, ReadStoreUnavailable */
export const keyList = async ({
  readStore,
  lastAppend,
  lastUses,
  at,
}: {
  readonly readStore: ReadStore;
  readonly lastAppend: LogPosition;
  readonly lastUses: LastUses;
  readonly at: Temporal.Instant;
}): Promise<readonly ListedKey[]> => {
  if (!(await readStore.waitFor(lastAppend, waitMs)))
    throw new ReadStoreUnavailable('the views stand behind the log');
  const grants = new Map(
    (await listGrants(readStore)).map((row) => [row.grant.grantId, row] as const),
  );
  return (await listKeys(readStore)).map((row) => {
    const granted = grants.get(row.grant_id);
    const { previous } = row;
    return {
      ...{ key_id: row.key_id, label: row.label },
      allows: granted !== undefined && isInForce(granted, at) ? granted.grant.abilities : [],
      expires_at: row.until?.toString() ?? null,
      previous_until:
        previous?.until != null && isBefore(at, previous.until) ? `${previous.until}` : null,
      standing: standingOf(row, at),
      last_used: lastUses.of(row.key_id)?.toString() ?? null,
    };
  });
};
