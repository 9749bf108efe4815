import { afterAll, beforeAll, expect, test } from 'vitest';
import { testHuman } from './log-in/test-human.ts';
import { browserAt, locationOf } from './oauth/test-flow.ts';
import { type TestProgram, testProgram } from './test-program.ts';

let program: TestProgram;
let firstLink: string;
beforeAll(async () => {
  program = await testProgram();
  firstLink = await program.start(/http:\/\/\S+\/set-up#\S{43}/);
}, 90_000);
afterAll(() => program.dispose());

test('whoever lost the link gets another at the machine, beside the running program', async () => {
  const made = await program.run('set-up-link');
  expect(made).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^http:\S+\/set-up#\S{43}\n$/),
  });
  expect(made.err).toMatch(/once, by \d{4}-\d\d-\d\d \d\d:\d\d UTC, .* may then answer approvals/);
  const stranger = testHuman(program.base, browserAt(program.base));
  expect((await stranger.setUp(firstLink, 'eve')).status).toBe(403);
  const ann = browserAt(program.base);
  const human = testHuman(program.base, ann);
  expect((await human.setUp(made.out.trim(), 'ann')).status).toBe(200);
  expect((await stranger.setUp(made.out.trim(), 'eve')).status).toBe(403);
  // And is known at the desk, by their name and not by the operator's key.
  const desk = await ann.get('/desk/grants');
  expect([desk.status, locationOf(desk)]).toEqual([200, '']);
  expect(await desk.text()).toContain('<code>human:ann</code>');
  expect(await program.run('set-up-link', 'ann')).toMatchObject({
    ...{ code: 1, err: expect.stringContaining('Usage: npm run set-up-link') },
  });
  const byNobody = await fetch(new URL('/set-up-link', program.base), { method: 'POST' });
  expect([byNobody.status, await byNobody.text()]).toEqual([401, expect.not.stringContaining('#')]);
}, 60_000);
