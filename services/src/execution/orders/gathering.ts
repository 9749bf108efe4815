import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import type { Asking, Grants } from '../../access/index.ts';
import type { Facts } from '../../risk/index.ts';
import {
  type Gathered,
  markedSymbols,
  type SessionCommand,
  type SessionState,
} from '../session/index.ts';
import type { SessionOutcome } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** How often facts are gathered again because the session went on meanwhile. */
const mostGatherings = 20;

export type Known = { readonly facts: RiskFacts; readonly gathered: Gathered };

/** A command that needs to know of the world, made once that is known. */
export type Inquiry = {
  /** What is to be judged, as the session stands when the world is asked. */
  readonly intentIn: (state: SessionState) => OrderIntent;
  readonly command: (known: Known) => SessionCommand;
  readonly metadata: EventMetadata;
  /** By which grant, and for which ability, where that is not said by the metadata and `trade`. */
  readonly asking?: Asking | undefined;
};

/** Asks the world first, then gives a command its turn. */
export type Gathering = (stream: StreamName, inquiry: Inquiry) => Promise<SessionOutcome>;

/**
 * When the session has moved on so far that the facts are not enough, it asks again, a bounded number
 * of times. It asks for the symbols of the orders that are under way beside this one too: whichever of
 * them has its turn first, the others need not ask again.
 */
export const factGathering = (options: {
  readonly sessions: Pick<Sessions, 'load' | 'execute'>;
  readonly facts: Facts;
  readonly grants: Pick<Grants, 'factFor'>;
}): Gathering => {
  const { sessions, facts, grants } = options;
  const underWay = countedSymbols();

  const gather = async (stream: StreamName, inquiry: Inquiry): Promise<Known> => {
    const { intentIn, metadata, asking = { metadata, asks: 'trade' } } = inquiry;
    const { state } = await sessions.load(stream);
    const intent = intentIn(state);
    const marked = state.phase === 'unopened' ? [] : markedSymbols(state);
    const symbols = [...new Set([...marked, ...underWay.of(stream)])].sort();
    const { uncorrelated, ...known } = await facts.gather(intent, symbols, metadata);
    // In the session that is open now: what it is not told of later was so when it was read here.
    const grant = await grants.factFor(asking);
    const granted = grant === undefined ? known : { ...known, grant };
    return { facts: granted, gathered: { symbols, uncorrelated, intent } };
  };

  return async (stream, inquiry) => {
    const { symbol } = inquiry.intentIn((await sessions.load(stream)).state);
    underWay.add(stream, symbol);
    try {
      for (let gathering = 1; ; gathering++) {
        const command = inquiry.command(await gather(stream, inquiry));
        const outcome = await sessions.execute(stream, command, inquiry.metadata);
        if (outcome.ok || gathering === mostGatherings) return outcome;
        const { code } = outcome.refusal;
        if (code !== 'FACTS_LACKING' && code !== 'CLOCK_BACKWARD') return outcome;
      }
    } finally {
      underWay.remove(stream, symbol);
    }
  };
};

/** Symbols by stream, each as often as it was added. */
const countedSymbols = () => {
  const counts = new Map<StreamName, Map<Ticker, number>>();
  const change = (stream: StreamName, symbol: Ticker, by: number): void => {
    const ofStream = counts.get(stream) ?? new Map<Ticker, number>();
    const count = (ofStream.get(symbol) ?? 0) + by;
    if (count > 0) ofStream.set(symbol, count);
    else ofStream.delete(symbol);
    if (ofStream.size > 0) counts.set(stream, ofStream);
    else counts.delete(stream);
  };
  return {
    of: (stream: StreamName): Iterable<Ticker> => counts.get(stream)?.keys() ?? [],
    add: (stream: StreamName, symbol: Ticker) => change(stream, symbol, 1),
    remove: (stream: StreamName, symbol: Ticker) => change(stream, symbol, -1),
  };
};
