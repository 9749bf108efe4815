import { abilities } from '@sentinel/contracts/access';
import {
  type GrantId,
  grantIdSchema,
  type KeyId,
  keyIdSchema,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { NamedKey } from '@sentinel/infra/config';
import { digestWith, idFrom, prefixOf } from './api-key.ts';
import { clientOfKey } from './by-key.ts';
import type { Hand } from './hand-out.ts';

/** A key of SENTINEL_API_KEYS_JSON, as it stands in the log. */
type Named = NamedKey & {
  readonly keyId: KeyId;
  readonly grantId: GrantId;
  readonly digest: Sha256;
};

/**
 * An entry that is changed in anything is another key with another grant: what a human has narrowed or
 * revoked of one is not given back by writing it anew, and none is widened by a setting.
 */
const namedOf = (entry: NamedKey, pepper: string): Named => {
  const { name, sha256, abilities: may, expiresAt } = entry;
  const digest = digestWith(pepper, sha256);
  const all = [name, digest, may.join(' '), `${expiresAt}`];
  return {
    ...entry,
    digest,
    keyId: keyIdSchema.parse(idFrom('key', ...all)),
    grantId: grantIdSchema.parse(idFrom('grant', ...all)),
  };
};

/** By which digest a key of the setting is known. One that the setting names no more opens nothing. */
export const namedKeys = (
  entries: readonly NamedKey[],
  pepper: string,
): ReadonlyMap<Sha256, KeyId> =>
  new Map(
    entries.map((entry) => namedOf(entry, pepper)).map(({ digest, keyId }) => [digest, keyId]),
  );

/**
 * Writes the keys of the setting into the log, each with a grant, where they do not stand there: from then on
 * they are listed, narrowed and revoked like any other. Answers a sentence for each that opens nothing.
 */
export const adoptNamed = async (
  entries: readonly NamedKey[],
  { keys, grants, pepper, by, at, metadata }: Omit<Hand, 'newId'>,
): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const entry of entries) {
    const { name, keyId, grantId, digest, expiresAt } = namedOf(entry, pepper);
    const label = `SENTINEL_API_KEYS_JSON: ${name}`;
    const grant = {
      grantId,
      client: { id: clientOfKey(keyId), name: label },
      principal: by.principal,
      abilities: abilities.filter((ability) => entry.abilities.includes(ability)),
      ...{ symbols: null, accounts: null, maxOrderValue: null, maxDayValue: null, expiresAt },
    };
    const given = await grants.execute(grantId, { type: 'GrantAccess', grant, by, at }, metadata);
    const secret = { prefix: prefixOf(keyId), digest, expiresAt };
    const outcome = given.ok
      ? await keys.execute(
          keyId,
          { type: 'IssueKey', keyId, label, grantId, ...secret, by, at },
          metadata,
        )
      : given;
    if (!outcome.ok)
      problems.push(
        `The key "${name}" of SENTINEL_API_KEYS_JSON opens nothing: ${outcome.refusal.message} Take it out, or name another key.`,
      );
  }
  return problems;
};
