import type { StandingGrant } from '@sentinel/contracts/access';
import type { EventMetadata } from '@sentinel/contracts/kernel';
import { type Control, openSessionsOf } from '../../risk/index.ts';
import type { SessionStore } from './session-store.ts';

/**
 * Tells every open session of a change of a grant. Who opens one later reads the grant after that, and one
 * that has closed meanwhile takes no order any more.
 */
export const tellingGrants =
  ({ store, control }: { readonly store: SessionStore; readonly control: Control }) =>
  async (
    change: { readonly told: StandingGrant; readonly at: Temporal.Instant },
    metadata: EventMetadata,
  ): Promise<void> => {
    const tell = async ({ stream }: ReturnType<typeof openSessionsOf>[number]) => {
      const { state } = await store.refresh(stream);
      if (state.phase === 'unopened') return;
      await store.execute(stream, { type: 'AdoptAccess', ...change }, metadata);
    };
    await Promise.all(openSessionsOf(await control.refresh()).map(tell));
  };
