// Ends with 0 when the process in this container serves. One that is degraded does: without its Redis it
// still reads and gets out of positions, and must not be taken from its clients for that.

const port = process.env.PORT || '3000';
const answersWithinMs = 4_000;

const response = await fetch(`http://127.0.0.1:${port}/health`, {
  signal: AbortSignal.timeout(answersWithinMs),
});
/** @typedef {{ readonly component: string, readonly state: string, readonly detail: string }} Component */
const { components } = /** @type {{ components: readonly Component[] }} */ (await response.json());
const down = components.filter(({ state }) => state === 'failed' || state === 'starting');
for (const { component, state, detail } of down)
  process.stdout.write(`${component} ${state}: ${detail}\n`);
process.exitCode = down.length === 0 ? 0 : 1;
