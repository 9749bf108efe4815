import { accepted, refused } from '@sentinel/contracts/kernel';
import type { SessionDecision } from './commands.ts';
import type { Session, SessionEvent } from './state.ts';
import { standingWindDowns } from './wind-down.ts';
import type { ResetPaper } from './wind-down-commands.ts';

/** A new beginning would walk around a halt, and an order that may still fill would walk into it. */
export const resetPaper = (command: ResetPaper, session: Session): SessionDecision => {
  const { cash, at, ...by } = command;
  const { type: _, ...asked } = by;
  const key = asked.idempotencyKey;
  const isRepeated = session.resets.some(({ idempotencyKey }) => idempotencyKey === key);
  if (key !== null && isRepeated) return accepted([]);
  if (session.halts.length > 0) {
    return refused(
      'HALTED',
      `A halt stands (${session.halts.map(({ scope, target }) => target ?? scope).join(', ')}), and a new account would walk around it.`,
      'Have it released first: risk.kill_switch_disable says how.',
    );
  }
  if (session.positions.size > 0) {
    return refused(
      'POSITIONS_HELD',
      `${[...session.positions.keys()].join(', ')} is held, and would be lost without an outcome.`,
      'Call execution.flatten_all, and try again once nothing is held.',
    );
  }
  if (session.working.size > 0) {
    return refused(
      'ORDERS_WORKING',
      `${session.working.size} order(s) still work or are of unknown outcome, and may fill.`,
      'Call execution.cancel_all, and try again once nothing works.',
    );
  }
  const revoked = standingWindDowns(session).map(
    ({ windDownId }): SessionEvent => ({
      type: 'WindDownEnded',
      data: { windDownId, outcome: 'revoked', at },
    }),
  );
  return accepted([
    ...revoked,
    {
      type: 'PaperAccountReset',
      data: {
        ...asked,
        epoch: session.epoch + 1,
        cash,
        cashBefore: session.cash,
        lossesEnd: true,
        at,
      },
    },
  ]);
};
