import type { ToolDefinition } from '../kernel/index.ts';
import type { governanceCommands } from './commands.ts';
import type { governanceQueries } from './queries.ts';

export const governanceTools = {
  'governance.create_strategy': {
    title: 'Create a strategy',
    description:
      'Makes a strategy of a type with parameters of its own, in state draft. Its parameters never change: others are another strategy. It can be scanned at once and trades nothing before it is promoted to paper.',
    scope: 'govern',
    message: 'CreateStrategy',
  },
  'governance.promote_strategy': {
    title: 'Promote a strategy',
    description:
      'Moves a strategy one state on when recorded evidence meets every criterion; evaluate_promotion shows them. live, live_approved and the return from a suspension wait for a human. target_state retired ends it for good.',
    scope: 'govern',
    message: 'PromoteStrategy',
    destructive: true,
  },
  'governance.suspend_strategy': {
    title: 'Suspend a strategy',
    description:
      'Stops new entries of a strategy. In force once answered, in every account; exits still pass and working orders keep working. It returns to the state before, when a human approves.',
    scope: 'trade',
    message: 'SuspendStrategy',
    stops: true,
  },
  'governance.list_strategies': {
    title: 'Strategies and their lifecycle',
    description:
      'Strategies with type, parameters, state, since when, by whom and why, the backtests recorded, and a promotion that waits for a human.',
    scope: 'read',
    message: 'ListLifecycles',
  },
  'governance.evaluate_promotion': {
    title: 'Evaluate a promotion',
    description:
      'Each criterion of a promotion: what recorded backtests and paper sessions measure, what is required, whether it is met.',
    scope: 'read',
    message: 'EvaluatePromotion',
  },
  'governance.check_drift': {
    title: 'Check for drift',
    description:
      'Looks at the last 20 trades of a strategy for four signs of drift. None is ok, one warns, two are critical: then the house suspends new entries by itself. Below five trades it says insufficient.',
    scope: 'read',
    message: 'CheckDrift',
  },
  'governance.approve': {
    title: 'Approve a request (humans only)',
    description:
      'Approves a request that waits, bound by the digest of exactly what is asked. Only a human principal other than the requester may; others are told how a human approves.',
    scope: 'govern',
    message: 'ApproveRequest',
    destructive: true,
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof governanceCommands | keyof typeof governanceQueries>
>;
