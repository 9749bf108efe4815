/** Where a rising function takes a value, to the last bit that halving can tell. */
export const inverse = (
  rising: (x: number) => number,
  value: number,
  within: { readonly low: number; readonly high: number },
): number => {
  let { low, high } = within;
  for (let halving = 0; halving < 200; halving++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};
