import type { NewId } from '@sentinel/contracts/kernel';
import type { Telemetry } from '@sentinel/infra/telemetry';
import type { Sentinel } from '../sentinel.ts';

/** What every call of a house is done with. */
export type CallOptions = {
  /** Undefined until the house is ready. */
  readonly sentinel: () => Sentinel | undefined;
  readonly newId: NewId;
  /** The address at which a human says what a client may do; `/desk` unless given. */
  readonly deskAt?: string | undefined;
  /** What measures and traces calls; nothing does unless given. */
  readonly telemetry?: Pick<Telemetry, 'begin'> | undefined;
  /** Takes a bug or an outage with the id that the caller was told. */
  readonly onFailure: (incident: string, error: unknown) => void;
};
