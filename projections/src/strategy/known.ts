import { type ReadStore, type Refusal, refused } from '@sentinel/contracts/kernel';
import { strategies } from './strategies.ts';

const mostNamed = 100;

/** Why a strategy cannot be asked for: nobody knows it. Undefined when it is known, or none was named. */
export const unknownStrategy = async (
  readStore: ReadStore,
  id: string | undefined,
): Promise<{ readonly ok: false; readonly refusal: Refusal } | undefined> => {
  if (id === undefined) return undefined;
  const { value: known } = await readStore.get(strategies.view, id);
  if (known !== undefined) return undefined;
  const { value: all } = await readStore.find(strategies.view, { limit: mostNamed });
  const names = all.map(({ key }) => key).join(', ');
  return refused(
    'UNKNOWN_STRATEGY',
    `There is no strategy ${id}.`,
    names === '' ? 'None is registered yet.' : `Use one of: ${names}.`,
  );
};
