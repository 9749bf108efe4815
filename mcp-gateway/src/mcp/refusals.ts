import {
  EventStoreFenced,
  EventStoreUnavailable,
  ReadStoreUnavailable,
  type Refusal,
  ViewParked,
} from '@sentinel/contracts/kernel';
import { MarketDataUnavailable } from '@sentinel/contracts/market';
import { StillReading } from '@sentinel/services/governance';
import { Contended } from '@sentinel/services/kernel';
import type { CallOptions } from './call-options.ts';

/** An outage in words for the caller; undefined for what is a bug of ours. */
const outage = (error: unknown): Refusal | undefined => {
  if (error instanceof EventStoreUnavailable) {
    return {
      code: 'UNAVAILABLE',
      message: 'The event log cannot be reached; whether the command took effect is not known.',
      remedy: 'Look before you repeat it, or repeat it with the same idempotency_key.',
    };
  }
  if (error instanceof EventStoreFenced) {
    return {
      code: 'UNAVAILABLE',
      message: 'Another Sentinel has taken over the event log.',
      remedy: 'Use that one; this one must be stopped.',
    };
  }
  if (error instanceof ReadStoreUnavailable || error instanceof ViewParked) {
    return {
      code: 'UNAVAILABLE',
      message: 'The view that answers this is not available.',
      remedy: 'Read system.health and try again later.',
    };
  }
  if (error instanceof MarketDataUnavailable) {
    return {
      code: 'UNAVAILABLE',
      message: 'The market data cannot be had now.',
      remedy: 'Read market.health and try again later.',
    };
  }
  if (error instanceof StillReading) {
    return {
      code: 'UNAVAILABLE',
      message: `What strategies did is still being read from the log, up to ${error.message} so far. That takes minutes where a long log has moved, or the program is new.`,
      remedy: 'Try again in a minute.',
    };
  }
  if (error instanceof Contended) {
    return {
      code: 'CONTENDED',
      message: 'Other writers were faster each time; nothing was done.',
      remedy: 'Try again.',
    };
  }
  return undefined;
};

/** What a caller is told of an outage, or of a bug, which the log has under the id that they are told. */
export const broken = (
  error: unknown,
  { newId, onFailure }: Pick<CallOptions, 'newId' | 'onFailure'>,
): { readonly ok: false; readonly refusal: Refusal } => {
  const incident = newId();
  onFailure(incident, error);
  return {
    ok: false,
    refusal: outage(error) ?? {
      code: 'INTERNAL',
      message: `Something went wrong inside Sentinel; the log has it as ${incident}.`,
      remedy: 'Read system.health; tell the operator the id.',
    },
  };
};
