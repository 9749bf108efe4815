import { faultsOf } from './faults.ts';

/** What the order of a file's bars is, told once when all of them run backwards. */
export const orderFaults = (file: string) => {
  const faults = faultsOf(file);
  let [backwards, forwards, firstLine] = [0, 0, 0];
  return {
    see: (before: number, now: number): boolean => {
      if (now > before) forwards++;
      else if (now < before) backwards++;
      return now > before;
    },
    add: (line: number, text: string): void => {
      if (firstLine === 0) firstLine = line;
      faults.add('order', line, `"${text}" is not after the bar above it`);
    },
    list: () => {
      if (backwards === 0 || backwards <= forwards || backwards < 2) return faults.list();
      const whole = faultsOf(file);
      whole.add('order', firstLine, 'the bars run newest first: sort them oldest first');
      return whole.list();
    },
  };
};
