import type { Outcome } from '@sentinel/contracts/kernel';

type Unreadable = { readonly what: string; readonly why: string };

/** The text of an error stays inside: it may hold anything. */
const unknownCause = 'It could not be read; system.health may say why.';

/**
 * Notes what cannot be read, and goes on with what can: a question that is refused or fails answers
 * null, and stands among the unreadable.
 */
export const unreadables = () => {
  const unreadable: Unreadable[] = [];
  const tried = async <Value>(what: string, answer: Promise<Value>): Promise<Value | null> => {
    try {
      return await answer;
    } catch {
      unreadable.push({ what, why: unknownCause });
      return null;
    }
  };
  return {
    unreadable,
    tried,
    answered: async <Value>(what: string, answer: Promise<Outcome<Value>>) => {
      const outcome = await tried(what, answer);
      if (outcome === null || outcome.ok) return outcome?.value ?? null;
      unreadable.push({ what, why: `${outcome.refusal.code}: ${outcome.refusal.message}` });
      return null;
    },
  };
};
