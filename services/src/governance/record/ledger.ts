import type { TradingDate } from '@sentinel/contracts/kernel';
import type { SessionName } from '../../risk/index.ts';
import type { SessionRecord } from './session-record.ts';
import { type AccountRecord, accountRecord, type Carried } from './trades.ts';

/** What strategies did in sessions of one account that can be told by themselves: mostly one. */
export type Piece = AccountRecord & { readonly sessions: readonly SessionName[] };

/** What strategies did in one account, session by session, and what went on before the first of them. */
export type Ledger = { readonly before: Carried | undefined; readonly pieces: readonly Piece[] };

export const emptyLedger: Ledger = { before: undefined, pieces: [] };

/** A venue changes an execution within days: what is older stays as it was. */
const sessionsBack = 30;

/** What went on behind the first so many pieces. */
const carriedBehind = ({ before, pieces }: Ledger, count: number): Carried | undefined =>
  count === 0 ? before : pieces[count - 1]?.carried;

/**
 * A ledger with one session more. Where that changes an execution of an earlier one, both and all between
 * them are told anew, together; `read` is asked for these.
 */
export const withSession = async (
  ledger: Ledger,
  session: SessionRecord,
  read: (session: SessionName) => Promise<SessionRecord>,
): Promise<Ledger> => {
  const { pieces } = ledger;
  const { account } = session;
  const last = accountRecord(account, [session], carriedBehind(ledger, pieces.length));
  const group = [session];
  for (
    let kept = pieces.length - 1;
    last.wantsEarlier && kept >= Math.max(0, pieces.length - sessionsBack);
    kept--
  ) {
    const earlier = await Promise.all((pieces[kept]?.sessions ?? []).map(read));
    group.unshift(...earlier);
    const record = accountRecord(account, group, carriedBehind(ledger, kept));
    if (!record.wantsEarlier)
      return {
        ...ledger,
        pieces: [...pieces.slice(0, kept), { ...record, sessions: group.map(nameOf) }],
      };
  }
  return { ...ledger, pieces: [...pieces, { ...last, sessions: [nameOf(session)] }] };
};

const nameOf = ({ stream, account, date }: SessionRecord): SessionName => ({
  stream,
  account,
  date,
});

/** The date of the last session of a piece. */
export const lastDateOf = ({ sessions }: Piece): TradingDate | undefined => sessions.at(-1)?.date;

/** The ledger without what ended before a date. */
export const from = ({ before, pieces }: Ledger, date: TradingDate): Ledger => {
  const gone = pieces.findIndex((piece) => (lastDateOf(piece) ?? date) >= date);
  const count = gone === -1 ? pieces.length : gone;
  return { before: carriedBehind({ before, pieces }, count), pieces: pieces.slice(count) };
};
