import { accessEvents } from '@sentinel/contracts/access';
import { approvalEvents } from '@sentinel/contracts/approval';
import { decodeEvent, type EventId, type Json } from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import { z } from 'zod';
import { isProved } from './proof.ts';
import type { ExportedEvent } from './read-export.ts';

/** What the events say of one yes, and whether its passkey signed it. */
export type Verdict =
  | {
      readonly is: 'proved';
      readonly by: string;
      readonly at: string;
      readonly origin: string;
      readonly request: string;
    }
  | { readonly is: 'not proved'; readonly why: string };

const definitions = { ...approvalEvents, ...accessEvents };

const decoded = ({ id, type, schemaVersion, data }: ExportedEvent) =>
  decodeEvent(definitions, {
    id: id as EventId,
    type,
    schemaVersion,
    data: JSON.parse(data) as Json,
  });

const clientDataSchema = z.looseObject({ origin: z.string() });

const originIn = (clientDataJSON: string): string | undefined => {
  try {
    return clientDataSchema.parse(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()))
      .origin;
  } catch {
    return undefined;
  }
};

/** The recorded request that a digest is over, as text; what was altered has another. */
const requestOf = (events: readonly ExportedEvent[], digest: string): string | undefined =>
  events.find(({ type, data }) => type.endsWith('Requested') && sha256(data) === digest)?.data;

/**
 * Verifies one yes by what stands in exported events alone: the request, the yes, and the passkey of whoever
 * gave it. `origin` is the address on which it must have been given; any unless given.
 */
export const verifyExported = async (
  events: readonly ExportedEvent[],
  { eventId, origin }: { readonly eventId: string; readonly origin?: string | undefined },
): Promise<Verdict> => {
  const not = (why: string): Verdict => ({ is: 'not proved', why });
  const found = events.find(({ id }) => id === eventId);
  if (found?.type !== 'ApprovalGranted')
    return not(`No approval ${eventId} is among these events.`);
  const granted = decoded(found);
  if (granted.type !== 'ApprovalGranted') return not('It is no approval.');
  const { requestId, requestDigest, by, at, proof } = granted.data;
  if (proof === undefined)
    return not(`${by.principal} said yes, known by ${by.identifiedBy}, and no passkey signed it.`);
  const passkey = events
    .filter(({ type }) => type === 'PasskeyRegistered')
    .map(decoded)
    .flatMap((each) => (each.type === 'PasskeyRegistered' ? [each.data] : []))
    .find(
      ({ credentialId, operator }) =>
        credentialId === proof.credentialId && operator === by.principal,
    );
  if (passkey === undefined)
    return not(
      `The passkey of ${by.principal} is not among these events: export from when it was registered.`,
    );
  const request = requestOf(events, requestDigest);
  if (request === undefined)
    return not('The request to which it is is not among these events, or was altered.');
  const signedOn = originIn(proof.clientDataJSON);
  if (signedOn === undefined || (origin !== undefined && origin !== signedOn))
    return not(`It was signed on ${signedOn ?? 'no page'}.`);
  const isGood = await isProved({ requestId, requestDigest }, proof, {
    ...passkey,
    origin: signedOn,
  });
  return isGood
    ? { is: 'proved', by: by.principal, at: at.toString(), origin: signedOn, request }
    : not('The signature is not that of the passkey over this yes.');
};
