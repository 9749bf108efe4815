const largestCount = 200;

/**
 * A short name for each statement that comes again, so that the server plans it once for each
 * connection. Beyond a bound a statement goes without.
 */
export const statementNames = (prefix: string) => {
  const names = new Map<string, string>();
  return (text: string): { readonly name?: string; readonly text: string } => {
    const known = names.get(text);
    if (known !== undefined) return { name: known, text };
    if (names.size >= largestCount) return { text };
    const name = `${prefix}_${names.size}`;
    names.set(text, name);
    return { name, text };
  };
};
