import { connect, type Socket } from 'node:net';

// Opens one connection after another to a port until it has opened as many as it was told, holds as many as
// it is let, and tells how each ended: held, refused with words, or closed. A process of its own, so that it
// costs whoever measures nothing.

const [, , portText = '', countText = ''] = process.argv;
const [port, count] = [Number(portText), Number(countText)];
const atOnce = 100;
const settlesWithinMs = 500;

const held: Socket[] = [];
const ends = { held: 0, refused: 0, closed: 0 };

/** Half a request, as who wants to hold the server up sends it. */
const open = (): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => {
      ends.held++;
      held.push(socket);
      resolve();
    }, settlesWithinMs);
    const end = (how: 'refused' | 'closed') => {
      clearTimeout(timer);
      if (!socket.destroyed) {
        ends[how]++;
        resolve();
      }
      socket.destroy();
    };
    socket.on('data', (data) => end(`${data}`.startsWith('HTTP/1.1 503') ? 'refused' : 'closed'));
    socket.on('error', () => end('closed'));
    socket.on('end', () => end('closed'));
    socket.write('POST /mcp HTTP/1.1\r\nhost: localhost\r\n');
  });

for (let opened = 0; opened < count; opened += atOnce)
  await Promise.all(Array.from({ length: atOnce }, open));
process.stdout.write(`${JSON.stringify(ends)}\n`);
for (const socket of held) socket.destroy();
