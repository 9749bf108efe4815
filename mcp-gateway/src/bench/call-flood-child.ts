import { caller } from './caller.ts';

// Calls a tool over many connections at once, each as fast as it is answered, until it is ended, and tells
// then how many calls were answered and how many refused. A process of its own, from an address of its own.

const [, , url = '', ca = '', token = '', connections = ''] = process.argv;
const answered = { taken: 0, refused: 0 };

const flood = async (): Promise<never> => {
  const { call } = caller(url, { ca, tokens: [token], localAddress: '127.0.0.2' });
  for (;;)
    await call('market_health', {}).then(
      () => answered.taken++,
      // Too many of them, said with 429, or a connection that was closed: it goes on all the same.
      () => answered.refused++,
    );
};

process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify(answered)}\n`, () => process.exit(0));
});
await Promise.all(Array.from({ length: Number(connections) }, flood));
