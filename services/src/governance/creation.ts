import type { InputOf, OutputOf } from '@sentinel/contracts';
import { stateAfter } from '@sentinel/contracts/governance';
import { accepted, type EventMetadata, type Outcome, refused } from '@sentinel/contracts/kernel';
import { nearest, parametersFor, strategyType, strategyTypes } from '../strategy/index.ts';
import type { StrategyBook } from './book.ts';
import { nextStateOf } from './lifecycle/rules.ts';

/** "Fast momentum (10)" becomes fast_momentum_10; undefined where nothing of it can be an id. */
const idOf = (name: string): string | undefined => {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return id === '' ? undefined : id;
};

/** Makes a strategy of a type with parameters of its own. */
export const creating =
  ({
    book,
    marketNow,
  }: {
    readonly book: StrategyBook;
    readonly marketNow: () => Temporal.Instant;
  }) =>
  async (
    input: InputOf<'CreateStrategy'>,
    metadata: EventMetadata,
  ): Promise<Outcome<OutputOf<'CreateStrategy'>>> => {
    const { name, description, type } = input;
    const strategyId = idOf(name);
    if (strategyId === undefined)
      return refused(
        'INVALID_ARGUMENT',
        'No id can be made of the name.',
        'Give a name with letters or digits, such as "Fast momentum".',
      );
    const definition = strategyType(type);
    if (definition === undefined)
      return refused(
        'UNKNOWN_TYPE',
        `There is no type ${type}; did you mean ${nearest(type, strategyTypes)}?`,
        `Use one of: ${strategyTypes.join(', ')}.`,
      );
    const parameters = parametersFor(definition, input.parameters);
    if (!parameters.ok) return parameters;
    const { timeframe, policyVersion } = definition;
    const outcome = await book.execute(
      strategyId,
      {
        type: 'Register',
        unlessKnown: false,
        strategy: {
          ...{ strategyId, name, description, type, policyVersion, timeframe },
          ...({
            parameters: { ...parameters.value },
            state: 'draft',
            by: metadata.principal,
          } as const),
          reason: description,
          at: marketNow(),
        },
      },
      metadata,
    );
    if (!outcome.ok) return outcome;
    const { state, logPosition } = outcome.value;
    if (state.phase === 'unknown') throw new Error(`${strategyId} was created and is not known`);
    return accepted({
      ...{ strategy: strategyId, state: state.state, type, timeframe },
      parameters: { ...parameters.value },
      next_state: nextStateOf(state) ?? stateAfter('draft') ?? 'research',
      log_position: `${logPosition ?? 0n}`,
    });
  };
