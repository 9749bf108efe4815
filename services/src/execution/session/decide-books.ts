import { accepted } from '@sentinel/contracts/kernel';
import { carryOrders, enableTrading } from './books.ts';
import type { SessionCommand, SessionDecision } from './commands.ts';
import { applyActions, chargeBorrowing } from './overnight.ts';
import type { Session } from './state.ts';

/** What concerns the account as such, in a session that is opening as in one that trades. */
export type BookCommand = Extract<
  SessionCommand,
  {
    type:
      | 'CarryOrders'
      | 'EnableTrading'
      | 'ApplyCorporateActions'
      | 'ChargeBorrowing'
      | 'EngageHalt'
      | 'ReleaseHalt'
      | 'AdoptLimits'
      | 'AdoptAccess';
  }
>;

const bookTypes: ReadonlySet<SessionCommand['type']> = new Set<BookCommand['type']>([
  'CarryOrders',
  'EnableTrading',
  'ApplyCorporateActions',
  'ChargeBorrowing',
  'EngageHalt',
  'ReleaseHalt',
  'AdoptLimits',
  'AdoptAccess',
]);
export const isOfBooks = (command: SessionCommand): command is BookCommand =>
  bookTypes.has(command.type);

export const decideBooks = (command: BookCommand, session: Session): SessionDecision => {
  switch (command.type) {
    case 'CarryOrders':
      return accepted(carryOrders(command, session));
    case 'EnableTrading':
      return accepted(enableTrading(command.at, session));
    case 'ApplyCorporateActions':
      return accepted(applyActions(command, session));
    case 'ChargeBorrowing':
      return accepted(chargeBorrowing(command, session));
    case 'EngageHalt':
      return session.released.includes(command.halt.haltId) ||
        session.halts.some(({ haltId }) => haltId === command.halt.haltId)
        ? accepted([])
        : accepted([{ type: 'HaltEngaged', data: command.halt }]);
    case 'ReleaseHalt': {
      const { haltId, requestId, releasedBy, at } = command;
      return session.halts.some((halt) => halt.haltId === haltId)
        ? accepted([
            { type: 'HaltReleased', data: { haltId, requestId, releasedBy, releasedAt: at } },
          ])
        : accepted([]);
    }
    case 'AdoptAccess': {
      const { told, at } = command;
      const known = session.grants.get(told.grant.grantId)?.version ?? 0;
      return known >= told.version
        ? accepted([])
        : accepted([{ type: 'AccessAdopted', data: { ...told, at } }]);
    }
    case 'AdoptLimits':
      return session.limits.version >= command.document.version
        ? accepted([])
        : accepted([
            { type: 'LimitsAdopted', data: { document: command.document, at: command.at } },
          ]);
  }
};
