import { type Refusal, refused } from '../kernel/index.ts';

const mostNamed = 50;

const remedyOf = (groups: readonly string[]): string =>
  groups.length === 0
    ? 'There are none yet: name one with watchlist.add.'
    : `Groups: ${groups.slice(0, mostNamed).join(', ')}.`;

/** A group that nothing is in is no group: an empty answer would hide a slip of the pen. */
export const unknownGroup = (
  group: string,
  groups: readonly string[],
): { readonly ok: false; readonly refusal: Refusal } =>
  refused('UNKNOWN_GROUP', `No symbol of the watchlist is in a group ${group}.`, remedyOf(groups));

/** The same of one symbol, with its own groups. */
export const notInGroup = (
  symbol: string,
  group: string,
  groups: readonly string[],
): { readonly ok: false; readonly refusal: Refusal } =>
  refused('UNKNOWN_GROUP', `${symbol} is not in a group ${group}.`, remedyOf(groups));
