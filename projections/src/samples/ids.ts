/** The n-th id for tests: ids that count up sort as they were made. */
export const sampleId = (n: number): string =>
  `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
