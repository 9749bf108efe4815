import { checkPeriod } from './column.ts';

/** The last `size` values, oldest first. */
export type Window = {
  readonly push: (value: number) => void;
  readonly isFull: () => boolean;
  /** Value `i` from the oldest of a full window. */
  readonly at: (i: number) => number;
  /** Where a full window lies in `room`, for who walks it in a loop. */
  readonly room: Float64Array;
  readonly from: () => number;
};

/**
 * A sliding window over twice its room: values are written in a row and copied back to the front when
 * the room is used up, so that a reader walks them in order without a division.
 */
export const slidingWindow = (size: number): Window => {
  checkPeriod(size);
  const room = new Float64Array(4 * size);
  let end = 0;
  let count = 0;
  return {
    push: (value) => {
      if (end === room.length) {
        room.copyWithin(0, end - size, end);
        end = size;
      }
      room[end] = value;
      end += 1;
      if (count < size) count += 1;
    },
    isFull: () => count === size,
    room,
    from: () => end - size,
    at: (i) => room[end - size + i] as number,
  };
};
