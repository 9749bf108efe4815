import type { ServerContext } from '@modelcontextprotocol/server';
import { promotionTargetSchema } from '@sentinel/contracts/governance';
import { ask, invalid, type Serve, type Serving, unanswered } from './ask.ts';
import { type Completes, type Source, sources } from './completion-sources.ts';
import { measured } from './measured.ts';
import { promptNamed } from './prompts.ts';
import { partsOf } from './resources.ts';

/** The protocol's bound on what one answer may offer. */
const mostValues = 100;

const valuesOf = async (
  serving: Serving,
  completes: Completes,
  context: ServerContext,
): Promise<readonly string[]> => {
  if (completes === 'targets') return promotionTargetSchema.options;
  const source: Source = sources[completes];
  if (serving.surface.find(source.tool) === undefined) return [];
  const outcome = await ask(serving, source, context);
  // Before the first session there is nothing yet that could be offered.
  if (!outcome.ok && outcome.refusal.code === 'NO_SESSION') return [];
  if (!outcome.ok) throw unanswered(outcome.refusal);
  return source.valuesOf(outcome.value as Readonly<Record<string, unknown>>);
};

type Reference =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string };

/** What completes an argument: null where nothing is known, undefined where there is no such argument. */
const completesOf = (
  { surface }: Serving,
  ref: Reference,
  argument: string,
): Completes | null | undefined => {
  if (ref.type === 'ref/resource') {
    const parts = partsOf(surface, ref.uri);
    return parts !== undefined && Object.hasOwn(parts, argument) ? parts[argument] : undefined;
  }
  const prompt = promptNamed(surface, ref.name);
  if (prompt === undefined || !Object.hasOwn(prompt.arguments.shape, argument)) return undefined;
  return Object.hasOwn(prompt.completes, argument) ? prompt.completes[argument] : null;
};

/** Of a list with commas the last value is completed, and those before it stay. */
export const matching = (values: readonly string[], written: string): readonly string[] => {
  const kept = written.slice(0, written.lastIndexOf(',') + 1);
  const begun = written.slice(kept.length).trim().toLowerCase();
  return [...new Set(values)]
    .filter((value) => value.toLowerCase().startsWith(begun))
    .map((value) => `${kept}${value}`);
};

/** Offers what an argument of a prompt or a part of an address can be. */
export const serveCompletions: Serve = (server, serving) => {
  server.setRequestHandler(
    'completion/complete',
    measured('completion/complete', serving, async ({ params }, context) => {
      const { ref, argument } = params;
      const completes = completesOf(serving, ref, argument.name);
      if (completes === undefined)
        throw invalid('There is no such prompt, address or argument here to complete.');
      const values =
        completes === null
          ? []
          : matching(await valuesOf(serving, completes, context), argument.value);
      const shown = values.slice(0, mostValues);
      return {
        completion: {
          values: [...shown],
          total: values.length,
          hasMore: values.length > shown.length,
        },
      };
    }),
  );
};
