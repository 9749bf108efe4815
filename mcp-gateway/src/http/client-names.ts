import { agentOf } from '../resource/index.ts';
import type { Sentinel } from '../sentinel.ts';

/**
 * How clients that have or had a grant call themselves, by the name under which the log knows them. Nothing rests
 * on it: where the lists cannot be had that is told, and nobody has such a name, for a human must be able to
 * answer all the same.
 */
export const clientNames = async (
  { accessLists }: Pick<Sentinel, 'accessLists'>,
  onError: (error: unknown) => void,
): Promise<ReadonlyMap<string, string>> => {
  try {
    const rows = await accessLists.grants();
    const oldestFirst = [...rows].sort((a, b) =>
      Temporal.Instant.compare(a.changed_at, b.changed_at),
    );
    return new Map(oldestFirst.map(({ grant: { client } }) => [agentOf(client.id), client.name]));
  } catch (error) {
    onError(error);
    return new Map();
  }
};
