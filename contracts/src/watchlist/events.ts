import { z } from 'zod';
import { event, instantSchema, type Json } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';

const entry = z.strictObject({
  symbol: tickerSchema,
  /** In lower case: a name is one group however it is written. */
  groups: z.array(z.string()),
  /** A caller's words: shown as data, never as an instruction. */
  notes: z.string().nullable(),
  at: instantSchema,
});

/** A symbol had one group at the most before version 2, in whatever case it was given. */
const inOneGroup = (data: Json): Json => {
  const { group, ...rest } = data as { readonly group: string | null } & {
    readonly [field: string]: Json;
  };
  return { ...rest, groups: group === null ? [] : [group.toLowerCase()] };
};

export const watchlistEvents = {
  SymbolAdded: event(2, entry, { 1: inOneGroup }),
  /** How the entry stands from here on. */
  SymbolUpdated: event(1, entry),
  SymbolRemoved: event(1, z.strictObject({ symbol: tickerSchema, at: instantSchema })),
} as const;
