import {
  accepted,
  type EventMetadata,
  type EventStore,
  event,
  type NewEvent,
  type NewId,
  type RecordedEvent,
  streamName,
} from '@sentinel/contracts/kernel';
import { z } from 'zod';
import { aggregate } from '../aggregate.ts';
import type { Workflow, WorkflowStep } from './workflow.ts';

/** Streams of causes and streams of effects: a workflow that can be checked event by event. */
const definitions = {
  EffectMade: event(1, z.strictObject({ id: z.string(), of: z.string() })),
} as const;
type EffectMade = { readonly type: 'EffectMade'; readonly data: { id: string; of: string } };
type Effects = { readonly ids: ReadonlySet<string>; readonly of: ReadonlySet<string> };

const metadata: EventMetadata = {
  principal: 'system:mirror',
  client: 'test',
  tool: 'mirror',
  correlationId: 'c',
  causationId: 'c',
};
const causes = (key: string) => streamName('cause', key);
const effects = (key: string) => streamName('effect', key);

export const newCause = (id: string): NewEvent => ({
  id: id as NewEvent['id'],
  type: 'CauseCame',
  schemaVersion: 1,
  data: {},
  metadata,
});

/** Appends one cause of a key, as the world outside does. */
export const cause = (store: EventStore, key: string, id: string) =>
  store.appendToStream(causes(key), [newCause(id)], 'any');

export const concernsCauses = ({ stream }: RecordedEvent): string | undefined =>
  stream.startsWith('cause-') ? stream.slice('cause-'.length) : undefined;

/**
 * Appends exactly one effect for each cause, in their order, through an aggregate that takes a
 * command once. Only the command's derived id tells one that was done from one that was not.
 */
export const mirror = (
  eventStore: EventStore,
  newId: NewId,
  around: (step: WorkflowStep, work: () => Promise<void>) => Promise<void> = (_, work) => work(),
): Workflow => {
  const made = aggregate({
    eventStore,
    newId,
    definitions,
    decider: {
      initialState: { ids: new Set(), of: new Set() } as Effects,
      decide: (effect: EffectMade['data'], { ids }: Effects) =>
        accepted(ids.has(effect.id) ? [] : [{ type: 'EffectMade' as const, data: effect }]),
      evolve: ({ ids, of }: Effects, { data }: EffectMade) => ({
        ids: new Set([...ids, data.id]),
        of: new Set([...of, data.of]),
      }),
    },
  });
  const work = async ({ key, idFor, fence }: WorkflowStep): Promise<void> => {
    const fenced = made.under(fence);
    for (const { id: of } of await eventStore.readStream(causes(key))) {
      const id = idFor(of, 'mirror');
      await fenced.execute(effects(key), { id, of }, metadata);
    }
  };
  return {
    name: 'mirror',
    concerns: concernsCauses,
    step: async (step) => {
      await around(step, () => work(step));
      return undefined;
    },
  };
};

/** The causes of a key, and those whose effect was made, each in the order of the log. */
export const mirrored = async (store: EventStore, key: string) => ({
  causes: (await store.readStream(causes(key))).map(({ id }) => id as string),
  effects: (await store.readStream(effects(key))).map(
    ({ data }) => (data as EffectMade['data']).of,
  ),
});
