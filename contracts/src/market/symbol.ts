import { z } from 'zod';

/** A US ticker as the tape prints it: ASCII capitals, with an optional class (BRK.B). */
export type Ticker = string & z.core.$brand<'Ticker'>;

const pattern = /^[A-Z][A-Z0-9]{0,7}([.-][A-Z]{1,2})?$/;

export const tickerSchema = z.string().regex(pattern, 'not a ticker').brand<'Ticker'>();

/**
 * A ticker that a caller gives. Lower case, blanks around and a dollar sign before it are taken; anything but ASCII is refused, since a letter
 * that merely looks like one names another company.
 */
export const tickerArgument = z
  .string()
  .max(20)
  .transform((given, context): Ticker => {
    const text = given.trim().replace(/^\$/, '');
    const ticker = text.toUpperCase();
    if (/^[A-Za-z0-9.-]*$/.test(text) && pattern.test(ticker)) return ticker as Ticker;
    context.issues.push({
      code: 'custom',
      input: given,
      message: 'must be a ticker such as NVDA or BRK.B, in plain ASCII letters',
    });
    return z.NEVER;
  });
