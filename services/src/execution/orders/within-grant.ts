import type { Handlers } from '@sentinel/contracts';
import { type EventMetadata, type Refusal, refused } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { type Grants, isInForce } from '../../access/index.ts';
import type { Sessions } from '../sessions/sessions.ts';

type Guarded = Handlers<'CancelOrder' | 'ClosePosition' | 'CancelAll' | 'FlattenAll'>;
type Refused = { readonly ok: false; readonly refusal: Refusal };

/**
 * What takes away and is judged by no assessment, within the symbols of the client's grant: it neither sells
 * what it may not trade nor takes the stop away from it. Whoever needs no grant passes.
 */
export const withinGrant = (
  handlers: Guarded,
  { grants, sessions }: { readonly grants: Grants; readonly sessions: Sessions },
): Guarded => {
  /** Why not, of one symbol or of all that there are. */
  const outside = async (
    symbol: Ticker | undefined,
    metadata: EventMetadata,
  ): Promise<Refused | undefined> => {
    const fact = await grants.factFor({ metadata, asks: 'trade' });
    if (fact === undefined) return undefined;
    const no = (message: string) =>
      refused('AUTHORISED', message, 'A human can change that at the desk.');
    if (fact === null || !isInForce(fact, fact.at)) return no('The client has no grant in force.');
    const { symbols, client } = fact.grant;
    if (symbols === null || (symbol !== undefined && symbols.includes(symbol))) return undefined;
    return no(
      `The grant of ${client.name} covers ${symbols.join(', ')}, and not ${symbol ?? 'everything'}.`,
    );
  };

  const symbolOf = async (
    orderId: Parameters<Guarded['CancelOrder']>[0]['order_id'],
    metadata: EventMetadata,
  ): Promise<Ticker | undefined> => {
    const stream = await sessions.current(metadata);
    if (!stream.ok) return undefined;
    const { state } = await sessions.refresh(stream.value);
    return state.phase === 'unopened' ? undefined : state.orders.get(orderId)?.intent.symbol;
  };

  return {
    CancelOrder: async (input, context) => {
      const { metadata } = context;
      // Whoever needs no grant is not looked up: a cancel waits for nothing.
      const symbol =
        metadata.grantId === undefined ? undefined : await symbolOf(input.order_id, metadata);
      return (await outside(symbol, metadata)) ?? handlers.CancelOrder(input, context);
    },
    ClosePosition: async (input, context) =>
      (await outside(input.symbol, context.metadata)) ?? handlers.ClosePosition(input, context),
    CancelAll: async (input, context) =>
      (await outside(input.symbol, context.metadata)) ?? handlers.CancelAll(input, context),
    FlattenAll: async (input, context) =>
      (await outside(undefined, context.metadata)) ?? handlers.FlattenAll(input, context),
  };
};
