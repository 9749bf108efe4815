import { setTimeout as pause } from 'node:timers/promises';
import { refused } from '@sentinel/contracts/kernel';
import { z } from 'zod';
import type { FixtureTool } from '../mcp/index.ts';
import { embedded, image, result, text, wav } from './content.ts';

/** What the suites ask to pass between two messages of one call. */
const betweenMs = 50;
const nothing = z.strictObject({});

type Handle = FixtureTool['handle'];

const tool = (name: string, description: string, handle: Handle): FixtureTool => ({
  ...{ name, description, handle },
  input: nothing,
});

const logs: Handle = async (_, __, exchange) => {
  const lines = ['Tool execution started', 'Tool processing data', 'Tool execution completed'];
  for (const [index, line] of lines.entries()) {
    if (index > 0) await pause(betweenMs);
    await exchange?.mcpReq.log('info', line);
  }
  return result(text('It logged three lines.'));
};

/** Straight to the caller, for what a product's call tells at most every so often is left out here. */
const tellsProgress: Handle = async (_, __, exchange) => {
  const progressToken = exchange?.mcpReq._meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    if (progress > 0) await pause(betweenMs);
    if (progressToken === undefined) continue;
    const params = { progressToken, progress, total: 100 };
    await exchange?.mcpReq.notify({ method: 'notifications/progress', params });
  }
  return result(text('It told its progress.'));
};

/** Tools that answer by themselves. */
export const plainTools: readonly FixtureTool[] = [
  tool('test_simple_text', 'Answers a text.', async () =>
    result(text('This is a simple text response for testing.')),
  ),
  tool('test_image_content', 'Answers an image.', async () => result(image())),
  tool('test_audio_content', 'Answers a sound.', async () =>
    result({ type: 'audio', data: wav, mimeType: 'audio/wav' }),
  ),
  tool('test_embedded_resource', 'Answers a resource.', async () =>
    result(
      embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ),
  ),
  tool('test_multiple_content_types', 'Answers a text, an image and a resource.', async () =>
    result(
      text('Multiple content types test:'),
      image(),
      embedded(
        'test://mixed-content-resource',
        'application/json',
        JSON.stringify({ test: 'data', value: 123 }),
      ),
    ),
  ),
  tool('test_tool_with_logging', 'Logs three lines.', logs),
  tool('test_logging_tool', 'Logs three lines to who asked for them.', logs),
  tool('test_error_handling', 'Refuses.', async () =>
    refused(
      'TEST_ERROR',
      'This tool intentionally returns an error for testing.',
      'There is nothing to do.',
    ),
  ),
  tool('test_tool_with_progress', 'Tells its progress.', tellsProgress),
];
