export type StreamHeads = {
  readonly get: (stream: string) => bigint | undefined;
  readonly set: (stream: string, version: bigint) => void;
  readonly clear: () => void;
};

/** The last versions of the streams used most recently; it forgets the one that was unused longest. */
export const streamHeads = (capacity: number): StreamHeads => {
  const heads = new Map<string, bigint>();
  const set = (stream: string, version: bigint) => {
    heads.delete(stream);
    heads.set(stream, version);
    const oldest = heads.keys().next();
    if (heads.size > capacity && oldest.done !== true) heads.delete(oldest.value);
  };
  return {
    get: (stream) => {
      const version = heads.get(stream);
      if (version !== undefined) set(stream, version);
      return version;
    },
    set,
    clear: () => heads.clear(),
  };
};
