import type { OutputOf } from '@sentinel/contracts';
import {
  type EventId,
  type EventStore,
  type RecordedEvent,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import { readPages } from '../../kernel/index.ts';
import type { Seen } from './period.ts';

type Approvals = OutputOf<'AssessSelf'>['approvals'];

/**
 * Proves one yes by recorded events: the request, the yes and the passkey of whoever gave it. Answers why it is
 * not proved, or undefined.
 */
export type VerifyApproval = (
  events: readonly RecordedEvent[],
  eventId: EventId,
) => Promise<string | undefined>;

/** Of those that fail so many are named, the first. */
const mostNamed = 100;
/** Before it nobody signed a yes. */
const firstVersionWithProof = 3;
const human = 'human:';

type Yes = { readonly recorded: RecordedEvent; readonly principal: string };

/** Each yes of whoever was known by a passkey, and each that shows a signature. */
const signedIn = (seen: readonly Seen[]): readonly Yes[] =>
  seen.flatMap(({ event, recorded }) => {
    if (event.type !== 'ApprovalGranted') return [];
    const { by, proof } = event.data;
    const ought = by.identifiedBy === 'passkey' && recorded.schemaVersion >= firstVersionWithProof;
    return proof !== undefined || ought ? [{ recorded, principal: by.principal }] : [];
  });

/** Requests, answers and passkeys. A session has few of them among its orders, and is not held whole. */
const isEvidence = ({ type }: RecordedEvent): boolean =>
  type.endsWith('Requested') || type === 'ApprovalGranted' || type === 'PasskeyRegistered';

const evidenceIn = async (
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
): Promise<readonly RecordedEvent[]> => {
  const kept: RecordedEvent[] = [];
  for await (const page of readPages(eventStore, stream)) kept.push(...page.filter(isEvidence));
  return kept;
};

/**
 * Whether each yes by a passkey is signed by a passkey that its human had, over the request as it stands in the
 * log, however long before the period they were recorded.
 */
export const approvalsOf = async (
  seen: readonly Seen[],
  {
    eventStore,
    verifyApproval,
  }: {
    readonly eventStore: Pick<EventStore, 'readStream'>;
    readonly verifyApproval: VerifyApproval;
  },
): Promise<Approvals> => {
  const streams = new Map<StreamName, Promise<readonly RecordedEvent[]>>();
  const eventsOf = (stream: StreamName): Promise<readonly RecordedEvent[]> => {
    const found = streams.get(stream) ?? evidenceIn(eventStore, stream);
    streams.set(stream, found);
    return found;
  };
  const signed = signedIn(seen);
  const failed: Approvals['failed'] = [];
  for (const { recorded, principal } of signed) {
    // A request stands in the stream of its answer; the passkeys of a human have one of their own.
    const asked = await eventsOf(recorded.stream);
    const known = principal.startsWith(human)
      ? await eventsOf(streamName('operator', principal.slice(human.length)))
      : [];
    const before = [...asked, ...known].filter(
      ({ logPosition }) => logPosition <= recorded.logPosition,
    );
    const why = await verifyApproval(before, recorded.id);
    if (why !== undefined) failed.push({ event_id: recorded.id, why });
  }
  const proved = signed.length - failed.length;
  return { signed: signed.length, proved, failed: failed.slice(0, mostNamed) };
};
