type Hear = (text: string) => void;

/** Who listens to what, in this process. */
export const listeners = (): {
  readonly listen: (topic: string, hear: Hear) => () => void;
  /** Tells each of them, one after the other and never within the call of the one who tells. */
  readonly tell: (topic: string, text: string) => void;
} => {
  const byTopic = new Map<string, Set<Hear>>();
  return {
    listen: (topic, hear) => {
      const heard = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, heard.add(hear));
      return () => void heard.delete(hear);
    },
    tell: (topic, text) => {
      for (const hear of byTopic.get(topic) ?? []) queueMicrotask(() => hear(text));
    },
  };
};
