const largestCount = 200;

/**
 * A short name for each statement that comes again, so that the server plans it once for each
 * connection. What was asked longest ago loses its name when there are too many.
 */
export const statementNames = (prefix: string) => {
  const names = new Map<string, string>();
  let given = 0;
  return (text: string): { readonly name: string; readonly text: string } => {
    const name = names.get(text) ?? `${prefix}_${given++}`;
    names.delete(text);
    names.set(text, name);
    const oldest = names.keys().next();
    if (names.size > largestCount && !oldest.done) names.delete(oldest.value);
    return { name, text };
  };
};
