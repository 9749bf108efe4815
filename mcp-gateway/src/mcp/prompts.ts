import { promotionTargetSchema, strategyArgument } from '@sentinel/contracts/governance';
import { textArgument } from '@sentinel/contracts/kernel';
import { tickerArgument } from '@sentinel/contracts/market';
import { groupArgument } from '@sentinel/contracts/watchlist';
import { z } from 'zod';
import { invalid, type Serve } from './ask.ts';
import type { FixturePrompt } from './fixtures.ts';
import { measured } from './measured.ts';
import type { PromptDefinition } from './prompt.ts';
import type { Surface } from './surface.ts';

const idArgument = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be the id of an order or a decision');

const symbolsArgument = z
  .string()
  .max(1000)
  .transform((text) => text.split(',').map((symbol) => symbol.trim()))
  .pipe(z.array(tickerArgument).min(1).max(50))
  .transform((symbols) => symbols.join(', '));

const morningBrief: PromptDefinition = {
  name: 'morning_brief',
  title: 'Morning brief',
  description: 'What changed, what needs a decision, how the market stands, and what looks good.',
  tools: ['system.brief', 'market.health', 'risk.limits', 'regime.evaluate', 'strategy.scan'],
  arguments: z.strictObject({
    group: groupArgument
      .optional()
      .meta({ description: 'a group of the watchlist; the whole of it unless given' }),
  }),
  completes: { group: 'groups' },
  text: ({ group }) =>
    [
      'Prepare my morning brief.',
      'Read system_brief and market_health: what changed, what waits for a decision, whether the market is open and where its prices come from.',
      'Read risk_limits: which limits are nearest.',
      `Run strategy_scan over ${group === undefined ? 'the watchlist' : `the group ${group}`} and regime_evaluate for each symbol with a signal.`,
      'Answer on one page: what needs me first, then the signals worth a look with entry, stop and target, then what could go wrong. Place no order.',
    ].join('\n'),
};

const investigateDenial: PromptDefinition = {
  name: 'investigate_denial',
  title: 'Investigate a denial',
  description: 'Why an order was denied, proved from the log, and what would have passed.',
  tools: ['audit.explain_trade', 'audit.decision_log', 'risk.limits'],
  arguments: z.strictObject({
    order: idArgument.meta({ description: 'id of the denied order, or of the decision' }),
  }),
  completes: { order: 'deniedOrders' },
  text: ({ order }) =>
    [
      `Find out why ${order} was denied.`,
      `Call audit_explain_trade with audit_event_id ${order}: say whether the decision comes out equal when it is made again, and name each check that failed with its value and its limit.`,
      'Read audit_decision_log for the same symbol: was it denied before, and for the same reason?',
      'Read risk_limits: how much room there is now.',
      'Answer with the cause in one sentence, the events that prove it, and the largest order that would have passed. Change no limit and place no order.',
    ].join('\n'),
};

const promoteStrategy: PromptDefinition = {
  name: 'promote_strategy',
  title: 'Promote a strategy',
  description: 'Whether a strategy is ready for its next state, and the step itself if it is.',
  tools: [
    'governance.list_strategies',
    'governance.evaluate_promotion',
    'governance.promote_strategy',
  ],
  arguments: z.strictObject({
    strategy: strategyArgument,
    target_state: promotionTargetSchema
      .optional()
      .meta({ description: 'the state to reach; the next one unless given' }),
  }),
  completes: { strategy: 'strategies', target_state: 'targets' },
  text: ({ strategy, target_state: target }) =>
    [
      `See whether the strategy ${JSON.stringify(strategy)} can be promoted to ${target ?? 'its next state'}.`,
      'Read governance_list_strategies for its state.',
      'Call governance_evaluate_promotion: show each criterion with what was measured and what is required.',
      'If every criterion is met, show me that and ask me before governance_promote_strategy. If not, say what evidence is missing and which backtest or paper session would give it.',
    ].join('\n'),
};

const closeTheDay: PromptDefinition = {
  name: 'close_the_day',
  title: 'Close the day',
  description: 'What works and what is held at the end of a day, what to do about it, the account.',
  tools: [
    ...(['execution.list_orders', 'portfolio.positions', 'portfolio.status'] as const),
    ...(['execution.cancel_order', 'execution.close_position', 'audit.stats'] as const),
  ],
  arguments: z.strictObject({
    keep: symbolsArgument.optional().meta({
      description: 'symbols to keep overnight, with commas between them; none unless given',
    }),
    note: textArgument(300).optional().meta({ description: 'what else to look at' }),
  }),
  completes: { keep: 'symbols' },
  text: ({ keep, note }) =>
    [
      'Close the trading day with me.',
      'Read execution_list_orders, portfolio_positions and portfolio_status: what still works, what is held, what the day earned.',
      `Propose for each working order whether to cancel it, and for each position whether to close it. ${keep === undefined ? 'Nothing is meant to stay overnight.' : `To stay overnight: ${keep}.`}`,
      'Do what I agree to with execution_cancel_order and execution_close_position, and nothing else. Then read audit_stats and say in five lines how the day went.',
      ...(note === undefined ? [] : [`Also look at this: ${JSON.stringify(note)}`]),
    ].join('\n'),
};

export const prompts: readonly PromptDefinition[] = [
  morningBrief,
  investigateDenial,
  promoteStrategy,
  closeTheDay,
];

const offers = (surface: Surface, { tools }: PromptDefinition): boolean =>
  tools.every((tool) => surface.find(tool) !== undefined);

/** A prompt by its name; undefined where it is not offered. */
export const promptNamed = (
  surface: Surface,
  name: string,
): PromptDefinition | FixturePrompt | undefined =>
  offered(surface).find((prompt) => prompt.name === name);

const offered = (surface: Surface): readonly (PromptDefinition | FixturePrompt)[] => [
  ...prompts.filter((prompt) => offers(surface, prompt)),
  ...(surface.fixtures?.prompts ?? []),
];

const listed = ({
  name,
  title,
  description,
  arguments: schema,
}: PromptDefinition | FixturePrompt) => ({
  ...{ name, title, description },
  arguments: Object.entries<z.ZodType>(schema.shape).map(([argument, type]) => ({
    name: argument,
    description: type.meta()?.description ?? '',
    required: !type.safeParse(undefined).success,
  })),
});

const problemsOf = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}.`)
    .join(' ');

/** Offers the prompts whose tools are all offered here. */
export const servePrompts: Serve = (server, serving) => {
  const { surface } = serving;
  server.setRequestHandler(
    'prompts/list',
    measured('prompts/list', serving, async () => ({
      prompts: offered(surface).map(listed),
    })),
  );
  server.setRequestHandler(
    'prompts/get',
    measured('prompts/get', serving, async ({ params }, context) => {
      const prompt = promptNamed(surface, params.name);
      if (prompt === undefined) throw invalid('There is no such prompt here; list the prompts.');
      const given = prompt.arguments.safeParse(params.arguments ?? {});
      if (!given.success) throw invalid(problemsOf(given.error));
      const values = given.data as Readonly<Record<string, string | undefined>>;
      if ('answer' in prompt) return prompt.answer(values, context);
      const text = prompt.text(values);
      return {
        description: prompt.description,
        messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
      };
    }),
  );
};
