import type { ViewedEvent } from '../kernel/index.ts';

/** What an event is about, as far as it says so itself. */
export type References = {
  readonly symbol: string | null;
  readonly strategy: string | null;
  readonly order_id: string | null;
  readonly decision_id: string | null;
};

type Spoken = {
  readonly symbol?: string | null;
  readonly strategyId?: string | null;
  readonly orderId?: string;
  readonly decisionId?: string;
  readonly scope?: string;
  readonly target?: string | null;
  readonly intent?: { readonly symbol: string; readonly strategyId: string | null };
  readonly signal?: { readonly symbol: string; readonly strategyId: string };
  readonly content?: { readonly symbol: string };
  readonly result?: { readonly strategyId: string };
};

export const referencesOf = ({ data }: ViewedEvent): References => {
  const said = data as Spoken;
  const about = said.intent ?? said.signal;
  const halted = (scope: string) => (said.scope === scope ? said.target : undefined);
  return {
    symbol: said.symbol ?? about?.symbol ?? said.content?.symbol ?? halted('symbol') ?? null,
    strategy:
      said.strategyId ?? about?.strategyId ?? said.result?.strategyId ?? halted('strategy') ?? null,
    order_id: said.orderId ?? null,
    decision_id: said.decisionId ?? null,
  };
};
