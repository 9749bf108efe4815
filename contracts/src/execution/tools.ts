import type { ToolDefinition } from '../kernel/index.ts';
import type { executionCommands } from './commands.ts';
import type { executionQueries } from './queries.ts';

export const executionTools = {
  'execution.paper_order': {
    title: 'Place a paper order (simulated: no real money)',
    description:
      'Judges an order against every risk check and, if it passes, submits it to the paper venue; above the approval threshold it waits for a human instead. sell sells only what is held; sell_short opens a short position. Answers the order, or a refusal with the code of the first check that failed; both are recorded. The fill follows within moments: execution.get_order.',
    scope: 'trade',
    message: 'PlaceOrder',
  },
  'execution.propose_order': {
    title: 'Propose an order (simulated: no real money)',
    description:
      'Judges an order and records it, but submits nothing: a human decides outside this conversation; the answer says where and until when. At their yes it is judged again, and submitted if it passes. execution.get_order and approval.list tell what became of it.',
    scope: 'propose',
    message: 'ProposeOrder',
  },
  'execution.replace_order': {
    title: 'Replace an order (simulated: no real money)',
    description:
      'Changes price or quantity of a working order: judged like a new one, then sent to the venue. Answers the order, pending_replace until the venue has spoken.',
    scope: 'trade',
    message: 'ReplaceOrder',
  },
  'execution.reconcile': {
    title: 'Reconcile orders',
    description:
      'Asks the venue for every order of unknown outcome and records what it says. The house does the same by itself.',
    scope: 'trade',
    message: 'Reconcile',
  },
  'execution.cancel_order': {
    title: 'Cancel an order (simulated: no real money)',
    description:
      'Asks the venue to cancel a working order. A fill that is already on its way still counts.',
    scope: 'trade',
    message: 'CancelOrder',
    destructive: true,
  },
  'execution.close_position': {
    title: 'Close a position (simulated: no real money)',
    description:
      'Gets out of all that is held or owed of a symbol: cancels its orders, exits among them, then trades the whole position at market, and goes on by itself until it is flat. Works while a halt stands. On a closed market it waits for the opening and says when that is.',
    scope: 'trade',
    message: 'ClosePosition',
    destructive: true,
  },
  'execution.cancel_all': {
    title: 'Cancel all orders (simulated: no real money)',
    description:
      'Asks the venue to cancel every working order, or those of one symbol, exits among them; ends closings that are under way too. Positions stay, and have no exits any more. Fills that are on their way still count.',
    scope: 'trade',
    message: 'CancelAll',
    destructive: true,
  },
  'execution.flatten_all': {
    title: 'Flatten the account (simulated: no real money)',
    description:
      'Cancels every order and closes every position at market, with progress as it goes; goes on by itself until nothing is held and nothing works. Works while a halt stands. Engage a halt too, so that nothing new is opened.',
    scope: 'trade',
    message: 'FlattenAll',
    destructive: true,
  },
  'execution.reset_paper': {
    title: 'Begin the paper account anew (simulated: no real money)',
    description:
      'Begins a new epoch of the paper account with its starting cash: cancels every order and closes every position first, as flatten_all does, so that each trade keeps its outcome. Nothing is erased. Refused while a halt stands, which it would walk around, and while the market is closed to what is held.',
    scope: 'admin',
    message: 'ResetPaper',
    destructive: true,
  },
  'execution.get_order': {
    title: 'One order',
    description:
      'One order with its fills, its exits and every transition, each with its event id.',
    scope: 'read',
    message: 'GetOrder',
  },
  'execution.list_orders': {
    title: 'Orders',
    description: 'Orders in short, newest first, by status, symbol and time.',
    scope: 'read',
    message: 'ListOrders',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof executionCommands | keyof typeof executionQueries>
>;
