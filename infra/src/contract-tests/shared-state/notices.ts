import { describe, expect, test } from 'vitest';
import { fresh, type SharedStateSuite } from './suite.ts';

export const describeNotices = ({ one, two }: SharedStateSuite): void => {
  describe('a notice', () => {
    test('reaches all who listen to its topic, in order, the teller too', async () => {
      const [topic, other] = [fresh(), fresh()];
      const heard: Record<string, string[]> = { one: [], two: [], other: [] };
      one().listen(topic, (text) => heard.one?.push(text));
      two().listen(topic, (text) => heard.two?.push(text));
      two().listen(other, (text) => heard.other?.push(text));
      const said = Array.from({ length: 20 }, (_, n) => `${n} "ü"`);
      for (const text of said) one().tell(topic, text);
      two().tell(other, 'else');
      await expect
        .poll(() => heard, { interval: 5 })
        .toEqual({ one: said, two: said, other: ['else'] });
    });

    test('is heard no more by who has stopped to listen', async () => {
      const topic = fresh();
      const [stopped, still]: string[][] = [[], []];
      const stop = two().listen(topic, (text) => stopped?.push(text));
      two().listen(topic, (text) => still?.push(text));
      stop();
      one().tell(topic, 'x');
      await expect.poll(() => still, { interval: 5 }).toEqual(['x']);
      expect(stopped).toEqual([]);
    });

    test('is heard by its teller after the call, and by nobody where nobody listens', async () => {
      const topic = fresh();
      one().tell(topic, 'nobody');
      const heard: string[] = [];
      one().listen(topic, (text) => heard.push(text));
      one().tell(topic, 'x');
      expect(heard).toEqual([]);
      await expect.poll(() => heard.at(-1), { interval: 5 }).toBe('x');
    });
  });
};
