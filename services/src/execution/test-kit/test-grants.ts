import type { Grant, GrantTerms } from '@sentinel/contracts/access';
import type { GrantId, RequestContext } from '@sentinel/contracts/kernel';
import type { Grants } from '../../access/index.ts';
import { grantFact } from '../../risk/fixtures.ts';
import { testContext, testMetadata, testYes, tuesdayNoon } from './test-desk.ts';

const testGrant: Grant = grantFact().grant;
export const { grantId } = testGrant;
const by = testYes.by;

/** The call of a client that acts by a grant. */
export const contextBy = (of: GrantId | undefined = grantId): RequestContext => ({
  ...testContext,
  metadata: {
    ...testMetadata,
    principal: 'agent:claude',
    ...(of !== undefined && { grantId: of, grantVersion: 1 }),
  },
});

/** A human at the desk who gives one grant, changes it and revokes it. */
export const humanOver = (grants: Grants, at = tuesdayNoon) => ({
  gives: (terms: Partial<GrantTerms> = {}) =>
    grants.execute(
      grantId,
      { type: 'GrantAccess', grant: { ...testGrant, ...terms }, by, at },
      testMetadata,
    ),
  changes: async (terms: Partial<GrantTerms>) => {
    const standing = await grants.newest(grantId);
    if (standing === undefined) throw new Error('there is no grant to change');
    const { version, grant } = standing;
    const command = {
      type: 'ChangeAccess',
      terms: { ...grant, ...terms },
      version,
      by,
      at,
    } as const;
    return grants.execute(grantId, command, testMetadata);
  },
  revokes: () =>
    grants.execute(grantId, { type: 'RevokeAccess', reason: null, by, at }, testMetadata),
});
