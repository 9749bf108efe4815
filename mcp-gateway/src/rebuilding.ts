import type { EventStore, ProjectionStore } from '@sentinel/contracts/kernel';
import { allProjections, rebuildViews, rollBack } from '@sentinel/projections';
import type { Rebuild, RollBack } from './sentinel.ts';

type Stores = {
  readonly eventStore: EventStore;
  readonly readModels: { readonly projectionStore: ProjectionStore };
};

const named = (view: string) =>
  allProjections.filter((each) => view === 'all' || each.view === view);

/** What `npm run rebuild` and projections.rebuild ask for. */
export const rebuilding =
  ({ eventStore, readModels: { projectionStore } }: Stores): Rebuild =>
  async ({ view, ...order }, onProgress, signal) => {
    const projections = named(view);
    if (projections.length === 0) return undefined;
    const given = { eventStore, projectionStore, projections, onProgress };
    return rebuildViews({ ...given, ...order, signal });
  };

/** What `npm run rebuild -- <view> --rollback` asks for. */
export const rollingBack =
  ({ eventStore, readModels: { projectionStore } }: Stores): RollBack =>
  async ({ view, by }, signal) => {
    const projections = named(view);
    if (projections.length === 0) return undefined;
    return rollBack({ eventStore, projectionStore, projections, by, signal });
  };
