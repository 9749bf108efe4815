import type { EventStore } from '@sentinel/contracts/kernel';
import { newId, reasonOf, sha256 } from '@sentinel/infra/runtime';
import { openPostgresSnapshotStore } from '@sentinel/infra/snapshot-store';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import { type SessionStore, sessionStore } from '@sentinel/services/execution';
import type { SnapshotOptions } from '@sentinel/services/kernel';
import { type Control, controlRoom } from '@sentinel/services/risk';
import type { Closing } from './closing.ts';

/** The streams that every command is decided on. Their folds begin with the snapshots that this very code made. */
export const openFolds = (options: {
  readonly eventStore: EventStore;
  readonly connectionString: string;
  /** Digest of the code that folds. */
  readonly code: string;
  readonly log: ProgramLog;
  readonly ends: Closing;
}): {
  readonly sessions: SessionStore;
  readonly control: Control;
  readonly snapshots: SnapshotOptions;
} => {
  const { eventStore, connectionString, code, log, ends } = options;
  // Values are packed by the V8 that runs.
  const store = openPostgresSnapshotStore({
    ...{ connectionString, log },
    code: `${code} ${process.version}`,
  });
  ends.add('store of snapshots', store.close);
  const snapshots: SnapshotOptions = {
    store,
    onProblem: (stream, error) =>
      log.warn(`the snapshot of ${stream} was left out: ${reasonOf(error)}`),
  };
  const sessions = sessionStore({ eventStore, newId, digest: sha256, snapshots });
  ends.add('snapshots of sessions', sessions.settle);
  const control = controlRoom({ eventStore, newId, snapshots });
  ends.add('snapshot of control', control.settle);
  return { sessions, control, snapshots };
};
