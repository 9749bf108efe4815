import type { ToolName } from '@sentinel/contracts';
import type { z } from 'zod';
import type { Completes } from './completion-sources.ts';

/** A piece of work that a person begins by its name. */
export type PromptDefinition = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The tools that it sends the model to: it is offered where all of them are. */
  readonly tools: readonly ToolName[];
  readonly arguments: z.ZodObject;
  readonly completes: Readonly<Record<string, Completes>>;
  /** What the model is asked, from arguments that have been parsed. */
  readonly text: (given: Readonly<Record<string, string | undefined>>) => string;
};
