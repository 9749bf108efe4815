import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { accepted, type Outcome } from '@sentinel/contracts/kernel';
import { z } from 'zod';
import type { FixtureTool } from '../mcp/index.ts';
import { answerTo, ask, elicit, sample, sealState, wordsOf } from './asking.ts';
import { result, text } from './content.ts';

type Exchange = ServerContext | undefined;

const tool = (
  name: string,
  description: string,
  handle: (exchange: Exchange) => Promise<Outcome<object>>,
): FixtureTool => ({
  ...{ name, description },
  input: z.strictObject({}),
  handle: (_, __, exchange) => handle(exchange),
});

const name = { name: { type: 'string' } };
const askName = () => elicit('What is your name?', name, ['name']);
const askOk = () => elicit('Please confirm', { ok: { type: 'boolean' } }, ['ok']);
const nameIn = (exchange: Exchange, key: string): unknown =>
  (answerTo(exchange, key)?.content as { readonly name?: unknown } | undefined)?.name;

const stateOf = (exchange: Exchange): unknown => exchange?.mcpReq.requestState();

const hello = async (exchange: Exchange): Promise<Outcome<object>> => {
  const given = nameIn(exchange, 'user_name');
  return typeof given === 'string'
    ? result(text(`Hello, ${given}!`))
    : accepted(ask({ user_name: askName() }));
};

/** Asks once, with state that must come back as it went. */
const confirmed = async (exchange: Exchange): Promise<Outcome<object>> =>
  answerTo(exchange, 'confirm') !== undefined && stateOf(exchange) === 'asked'
    ? result(text('state-ok'))
    : accepted(ask({ confirm: askOk() }, await sealState('asked')));

const severalAtOnce = async (exchange: Exchange): Promise<Outcome<object>> => {
  const keys = ['user_name', 'greeting', 'client_roots'];
  if (keys.every((key) => answerTo(exchange, key) !== undefined) && stateOf(exchange) === 'asked')
    return result(text('All three were answered.'));
  const questions = {
    user_name: askName(),
    greeting: sample('Generate a greeting', 50),
    client_roots: inputRequired.listRoots(),
  };
  return accepted(ask(questions, await sealState('asked')));
};

const inTwoSteps = async (exchange: Exchange): Promise<Outcome<object>> => {
  const state = stateOf(exchange);
  if (state === 'step 2' && answerTo(exchange, 'step2') !== undefined)
    return result(text('Both steps were answered.'));
  if (state === 'step 1' && answerTo(exchange, 'step1') !== undefined) {
    const question = elicit('Step 2: What is your favorite color?', { color: { type: 'string' } }, [
      'color',
    ]);
    return accepted(ask({ step2: question }, await sealState('step 2')));
  }
  const question = elicit('Step 1: What is your name?', name, ['name']);
  return accepted(ask({ step1: question }, await sealState('step 1')));
};

const capabilitiesIn = (exchange: Exchange): ClientCapabilities | undefined => {
  const envelope: Readonly<Record<string, unknown>> = { ...exchange?.mcpReq.envelope };
  return envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
};

/** Asks no more than the caller says that it can answer. */
const whatIsDeclared = async (exchange: Exchange): Promise<Outcome<object>> => {
  const declared = capabilitiesIn(exchange);
  const questions = {
    ...(declared?.elicitation !== undefined && { user_name: askName() }),
    ...(declared?.sampling !== undefined && { greeting: sample('Generate a greeting') }),
  };
  return Object.keys(questions).length === 0 ||
    Object.keys(questions).every((key) => answerTo(exchange, key) !== undefined)
    ? result(text('Nothing is left to ask.'))
    : accepted(ask(questions));
};

/** Tools that want more input in the middle of a call. */
export const askingTools: readonly FixtureTool[] = [
  tool('test_input_required_result_elicitation', 'Asks for a name.', hello),
  tool('test_streaming_elicitation', 'Asks for a name.', hello),
  tool('test_input_required_result_sampling', 'Asks a model.', async (exchange) => {
    const answer = answerTo(exchange, 'capital_question');
    return answer === undefined
      ? accepted(ask({ capital_question: sample('What is the capital of France?') }))
      : result(text(wordsOf(answer)));
  }),
  tool('test_missing_capability', 'Asks a model, which not every caller has.', async () =>
    accepted(ask({ question: sample('Is anybody there?') })),
  ),
  tool('test_input_required_result_list_roots', 'Asks for roots.', async (exchange) => {
    const answer = answerTo(exchange, 'client_roots');
    return answer === undefined
      ? accepted(ask({ client_roots: inputRequired.listRoots() }))
      : result(text(`Roots: ${JSON.stringify(answer.roots)}`));
  }),
  tool('test_input_required_result_request_state', 'Asks, with state.', confirmed),
  tool('test_input_required_result_tampered_state', 'Asks, with sealed state.', confirmed),
  tool('test_input_required_result_multiple_inputs', 'Asks three things.', severalAtOnce),
  tool('test_input_required_result_multi_round', 'Asks twice.', inTwoSteps),
  tool('test_input_required_result_capabilities', 'Asks what can be answered.', whatIsDeclared),
];
