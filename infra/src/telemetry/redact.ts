/** Credentials by the names under which they travel: headers, parameters, members of JSON. */
const named =
  /(["']?\b(?:[\w-]*(?:password|passwd|secret|token|api[-_]?key|secret[-_]?key|key[-_]?id|authorization|cookie))["']?\s*[:=]\s*)(?:(?:Bearer|Basic)\s+)?("[^"]*"|'[^']*'|[^\s,;&)}\]]+)/gi;

/** Passwords in connection addresses, tokens and what is named like them have no place in a log, whoever wrote them. */
export const redact = (text: string): string =>
  text
    .replace(/(\w+:\/\/[^:/@\s]*):\S+@/g, '$1:***@')
    .replace(/(Bearer\s+)\S+/gi, '$1***')
    .replace(named, '$1***');

/** Shorter texts stand everywhere by chance, and are no secrets. */
const shortest = 8;

/** The same, and wherever one of these very secrets stands, in whatever words. */
export const redactorOf = (secrets: readonly string[]): ((text: string) => string) => {
  const known = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])])
    // The longest first: of one that holds another nothing must stay.
    .sort((a, b) => b.length - a.length);
  return (text) => redact(known.reduce((left, secret) => left.replaceAll(secret, '***'), text));
};
