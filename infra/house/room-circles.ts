/** One import between two files, as paths from the repository's root. */
export type Import = { readonly from: string; readonly to: string };

const roomPattern = /^([^/]+\/src\/[^/]+)\//;
const roomOf = (path: string): string | undefined => roomPattern.exec(path)?.[1];

/**
 * Rooms of one floor that reach each other in a circle, each circle once as `a -> b -> a`. Modules
 * may well stand in no circle while their rooms do, and then neither room can be understood alone.
 */
export const roomCircles = (imports: readonly Import[]): readonly string[] => {
  const reaches = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [room, other] = [roomOf(from), roomOf(to)];
    if (room === undefined || other === undefined || room === other) continue;
    reaches.set(room, (reaches.get(room) ?? new Set()).add(other));
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (room: string, path: readonly string[]): void => {
    const start = path.indexOf(room);
    if (start !== -1) circles.push([...path.slice(start), room].join(' -> '));
    if (start !== -1 || done.has(room)) return;
    for (const next of reaches.get(room) ?? []) walk(next, [...path, room]);
    done.add(room);
  };
  for (const room of reaches.keys()) walk(room, []);
  return circles;
};
