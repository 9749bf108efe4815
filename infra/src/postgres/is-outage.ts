/** Connection lost, server shutting down or out of resources, lock not to be had, read too early. */
const passing = /^(08|53|57|40|55P03|42P01|3F000|E[A-Z])/;

/** Whether the database could not be reached, as against something being wrong with a statement of ours. */
export const isOutage = (error: unknown): error is Error => {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return passing.test(error.code);
  // The driver's own errors have no code.
  return /connection|timeout|Client was closed|pool after calling end/i.test(error.message);
};
