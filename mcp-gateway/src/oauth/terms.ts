import { abilities, type GrantTerms, grantTermsSchema } from '@sentinel/contracts/access';
import { z } from 'zod';

const mostDays = 365;

/** As the form sends it: a box that is not ticked is not sent, and an empty field is none. */
const formSchema = z.object({
  abilities: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .default([])
    .pipe(z.array(z.enum(abilities))),
  symbols: z.string().max(2_000).default(''),
  max_order_value: z.string().max(30).default(''),
  max_day_value: z.string().max(30).default(''),
  days: z.string().regex(/^\d{1,3}$/),
});

/**
 * What stands in the form before the human changes it. To look, to propose and to trade on paper within small
 * limits is what a conversation needs; to ask for what rules is given by intent alone, and all of it ends.
 */
export const usualTerms = {
  abilities: ['look', 'propose', 'trade'],
  ...{ symbols: '', max_order_value: '1000', max_day_value: '5000', days: '30' },
} as const;

/** The terms that a form says, or a sentence of what is wrong with it. */
export const termsOf = (
  form: unknown,
  at: Temporal.Instant,
): { readonly terms: GrantTerms } | { readonly problem: string } => {
  const parsed = formSchema.safeParse(form);
  if (!parsed.success) return { problem: 'The form is not complete.' };
  const { symbols, max_order_value, max_day_value, days, abilities: given } = parsed.data;
  if (given.length === 0) return { problem: 'Tick at least one thing that it may do.' };
  if (Number(days) < 1 || Number(days) > mostDays)
    return { problem: `It must end after 1 to ${mostDays} days.` };
  const tickers = symbols.split(/[\s,]+/).filter((each) => each !== '');
  const moneyIn = (text: string) => (text.trim() === '' ? null : text.trim());
  const terms = grantTermsSchema.safeParse({
    abilities: given,
    symbols: tickers.length === 0 ? null : tickers.map((each) => each.toUpperCase()),
    accounts: null,
    maxOrderValue: moneyIn(max_order_value),
    maxDayValue: moneyIn(max_day_value),
    // To the minute, in which the desk shows and changes it.
    expiresAt: at
      .add({ hours: 24 * Number(days) })
      .round({ smallestUnit: 'minute', roundingMode: 'ceil' })
      .toString(),
  });
  if (terms.success) return { terms: terms.data };
  const [field] = terms.error.issues[0]?.path ?? [];
  return {
    problem:
      field === 'symbols'
        ? 'Symbols are letters such as AAPL, parted by commas.'
        : 'A value is a number of dollars such as 1000 or 99.50, or nothing.',
  };
};
