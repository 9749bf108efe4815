import {
  EventStoreFenced,
  EventStoreUnavailable,
  ReadStoreUnavailable,
  type Refusal,
  ViewParked,
} from '@sentinel/contracts/kernel';
import { MarketDataUnavailable } from '@sentinel/contracts/market';
import { Contended } from '@sentinel/services/kernel';
import type { z } from 'zod';

/** The first few of what a caller wrote, cut short: it may be anything. */
const shown = (names: readonly string[]): string =>
  names
    .slice(0, 5)
    .map((name) => JSON.stringify(name.slice(0, 40)))
    .join(', ');

/** Names the first field that is wrong; the texts of our own schemas say what it must be. */
export const badArguments = (error: z.ZodError): Refusal => {
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? '';
  const message =
    issue?.code === 'unrecognized_keys'
      ? `There is no argument ${shown(issue.keys)}.`
      : `${field === '' ? 'The arguments' : field}: ${issue?.message ?? 'not valid'}.`;
  return {
    code: 'INVALID_ARGUMENT',
    message,
    remedy: 'Correct the arguments by the input schema of the tool.',
  };
};

/** An outage in words for the caller; undefined for what is a bug of ours. */
export const outage = (error: unknown): Refusal | undefined => {
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
  if (error instanceof Contended) {
    return {
      code: 'CONTENDED',
      message: 'Other writers were faster each time; nothing was done.',
      remedy: 'Try again.',
    };
  }
  return undefined;
};
