import {
  type ApprovalRequestId,
  accepted,
  canonicalJson,
  type DecisionId,
  type Digest,
  type EventMetadata,
  encodeBy,
  type NewId,
  type OrderId,
  type Sha256,
  type WindDownId,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { type OrderIntent, orderIntentSchema, type RiskAssessed } from '@sentinel/contracts/risk';
import { replayEnded, unknownSymbol } from '../../market/index.ts';
import type { Asking } from '../session/index.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { earlierUse } from './earlier-use.ts';
import type { Gathering } from './gathering.ts';

/** How long a human has to answer. */
const requestLifetimeMinutes = 15;

const wantsHuman = { wanted: true, approval: null };

export type PlacementOptions = {
  /** Wall clock: humans answer by it. */
  readonly now: () => Temporal.Instant;
  readonly sessions: Sessions;
  readonly market: MarketData;
  readonly gathering: Gathering;
  readonly newId: NewId;
  readonly digest: Digest;
  /** SHA-256 of the sources that decide, recorded with every decision. */
  readonly codeDigest: Sha256;
};

export type Placement = {
  readonly purpose: RiskAssessed['purpose'];
  readonly intent: OrderIntent;
  readonly idempotencyKey: string | null;
  readonly givenReason?: string | null | undefined;
  /** Where it closes a position for a wish to wind down. */
  readonly windDownId?: WindDownId | undefined;
  /** Of the order and its decision, where a workflow derives them; fresh ones otherwise. */
  readonly ids?: { readonly orderId: OrderId; readonly decisionId: DecisionId };
};

/**
 * Takes an intent through the one path that every order takes: find the session, gather the facts on
 * its fresh state, decide and append. What an assessment denies is a decision like any other.
 */
export const placing = (options: PlacementOptions) => {
  const { sessions, market, newId, digest, codeDigest, now } = options;
  const askingFor = ({ principal }: EventMetadata): Asking => {
    const requestedAt = now();
    return {
      requestId: newId() as ApprovalRequestId,
      requestedBy: principal,
      requestedAt,
      expiresAt: requestedAt.add({ minutes: requestLifetimeMinutes }),
    };
  };
  return async (placement: Placement, metadata: EventMetadata) => {
    const { purpose, intent, idempotencyKey } = placement;
    if ((await market.instrument(intent.symbol)) === undefined) {
      return unknownSymbol(market.source, intent.symbol);
    }
    const ended = replayEnded(market);
    if (ended !== undefined) return ended;
    const ids = placement.ids ?? {
      orderId: newId() as OrderId,
      decisionId: newId() as DecisionId,
    };
    const paramsDigest = digest(canonicalJson(encodeBy(orderIntentSchema, intent)));
    return sessions.during(metadata, async (stream) => {
      const { state } = await sessions.load(stream);
      const use = await earlierUse(sessions, state, { key: idempotencyKey, now: market.now() });
      const outcome = await options.gathering(stream, {
        intentIn: () => intent,
        command: (known) => ({
          ...({
            type: 'PlaceOrder',
            purpose,
            intent,
            idempotencyKey,
            paramsDigest,
            codeDigest,
          } as const),
          givenReason: placement.givenReason,
          ...(purpose !== 'preview' && { asking: askingFor(metadata) }),
          windDownId: placement.windDownId,
          ...ids,
          ...known,
          ...(purpose === 'proposal' && { facts: { ...known.facts, human: wantsHuman } }),
          earlierUse: use,
        }),
        metadata,
        asking: { metadata, asks: purpose === 'proposal' ? 'propose' : 'trade' },
      });
      return outcome.ok ? accepted({ stream, ...ids, ...outcome.value, earlierUse: use }) : outcome;
    });
  };
};
