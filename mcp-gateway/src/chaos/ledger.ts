import { type OrderCall, orderCall } from './orders.ts';

/** What the program has told a caller of one order: from then on it must hold. */
export type Acknowledged = {
  readonly orderId: string;
  readonly denied: boolean;
};

/** What the callers remember, who do not crash: every call that was sent, and every answer. */
export type Ledger = {
  /** A new order, remembered as sent. */
  readonly next: () => OrderCall;
  readonly sent: () => number;
  /** The n-th order that was sent, from 0. */
  readonly call: (n: number) => OrderCall;
  readonly acknowledge: (call: OrderCall, answer: Acknowledged) => void;
  readonly acknowledged: () => ReadonlyMap<string, Acknowledged>;
  /** What was sent and never answered: it may or may not have happened. */
  readonly unanswered: () => readonly OrderCall[];
  /** Answers that contradict an earlier one, or that no caller should ever see. */
  readonly complain: (what: string) => void;
  readonly complaints: () => readonly string[];
};

export const openLedger = (): Ledger => {
  const calls: OrderCall[] = [];
  const acknowledged = new Map<string, Acknowledged>();
  const complaints: string[] = [];
  return {
    next: () => {
      const call = orderCall(calls.length);
      calls.push(call);
      return call;
    },
    sent: () => calls.length,
    call: (n) => calls[n] as OrderCall,
    acknowledge: ({ key }, answer) => {
      const before = acknowledged.get(key);
      if (before === undefined) acknowledged.set(key, answer);
      else if (before.orderId !== answer.orderId || before.denied !== answer.denied) {
        complaints.push(`${key} was ${before.orderId} and is ${answer.orderId} now`);
      }
    },
    acknowledged: () => acknowledged,
    unanswered: () => calls.filter(({ key }) => !acknowledged.has(key)),
    complain: (what) => void complaints.push(what),
    complaints: () => complaints,
  };
};
