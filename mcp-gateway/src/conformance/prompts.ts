import { z } from 'zod';
import type { FixturePrompt } from '../mcp/index.ts';
import { answerTo, ask, elicit } from './asking.ts';
import { embedded, image, text } from './content.ts';

type Answer = FixturePrompt['answer'];
type Content = ReturnType<typeof text> | ReturnType<typeof image> | ReturnType<typeof embedded>;

const says = (...contents: readonly Content[]) => ({
  messages: contents.map((content) => ({ role: 'user' as const, content })),
});

const prompt = (name: string, names: readonly string[], answer: Answer): FixturePrompt => ({
  ...{ name, title: name, description: 'Asked for by the suites of the protocol.', answer },
  ...{ tools: [], completes: {} },
  arguments: z.strictObject(
    Object.fromEntries(names.map((each) => [each, z.string().meta({ description: 'any text' })])),
  ),
});

export const prompts: readonly FixturePrompt[] = [
  prompt('test_simple_prompt', [], () => says(text('This is a simple prompt for testing.'))),
  prompt('test_prompt_with_arguments', ['arg1', 'arg2'], ({ arg1, arg2 }) =>
    says(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  ),
  prompt('test_prompt_with_embedded_resource', ['resourceUri'], ({ resourceUri = '' }) =>
    says(
      embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
      text('Please process the embedded resource above.'),
    ),
  ),
  prompt('test_prompt_with_image', [], () =>
    says(image(), text('Please analyze the image above.')),
  ),
  prompt('test_input_required_result_prompt', [], (_, exchange) => {
    const answer = answerTo(exchange, 'user_context');
    const properties = { context: { type: 'string' } };
    return answer === undefined
      ? ask({
          user_context: elicit('What context should the prompt use?', properties, ['context']),
        })
      : says(text(`Use this context: ${JSON.stringify(answer.content)}`));
  }),
];
