const mostMembers = 12;
const longestText = 80;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const brief = (value: unknown): string | undefined => {
  if (value === null) return undefined;
  if (Array.isArray(value)) return `${value.length}`;
  const text = `${value}`;
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
};

const membersOf = (value: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(value).flatMap(([name, member]) => {
    if (isObject(member)) return [];
    const text = brief(member);
    return text === undefined ? [] : [`${name} ${text}`];
  });

/**
 * An answer in a line: what it holds by name, lists by how many there are, and what is nested by one
 * level. For a reader who only wants to know whether to look further; the data stands beside it.
 */
export const shortText = (title: string, answer: object): string => {
  const own = membersOf(answer as Readonly<Record<string, unknown>>);
  const nested = Object.entries(answer).flatMap(([name, member]) =>
    isObject(member) ? [`${name}: ${membersOf(member).slice(0, mostMembers).join(', ')}`] : [],
  );
  return `${title}: ${[own.slice(0, mostMembers).join(', '), ...nested].filter(Boolean).join('; ')}.`;
};
