import { expect, test } from 'vitest';
import { noon, ordinaryFacts } from '../../risk/fixtures.ts';
import { meetAnswers } from './meet-answers.ts';
import { tradingDay } from './test-day.ts';

const exchange = { session: (at: Temporal.Instant) => ordinaryFacts({ at }).session };
const hour = 3_600;
const closesAt = 4 * hour;
/** As if the exchange closed later than the session: so that an order comes as close to its end as can be. */
const open = { session: { ...ordinaryFacts({}).session, closesAt: noon.add({ hours: 8 }) } };
const after = (second: number) => noon.add({ milliseconds: Math.round(second * 1_000) });

/** What an order placed at `second` is answered by the end of the day and an hour more. */
const answers = (second: number) => {
  const day = tradingDay({ venue: { latencyMs: 50 } });
  day.place({ shares: 10 }, second, open);
  return meetAnswers(day.session(), after(closesAt + hour), exchange);
};

test('an order that reaches the venue by the close is answered at the moment at which it comes', () => {
  const [answer] = answers(hour);
  expect(answer?.execType).toBe('new');
  const at = answer?.at ?? after(0);
  expect([at.until(after(hour)).sign, at.until(after(hour + 1)).sign]).toEqual([-1, 1]);
});

test.each([0.001, 0])(
  'one that is %s s before the close on its way reaches nobody: nothing is dated after the session',
  (seconds) => {
    expect(answers(closesAt - seconds)).toEqual([]);
  },
);

test('a session without an end has no such moment', () => {
  const day = tradingDay({ venue: { latencyMs: 50 } });
  day.place({ shares: 10 }, closesAt, open);
  const endless = { ...day.session(), endsAt: null };
  expect(meetAnswers(endless, after(closesAt + 1), exchange)).toHaveLength(1);
});

test('no more is answered at once than an append holds, and nothing twice', () => {
  const day = tradingDay({ venue: { latencyMs: 50 } });
  for (let n = 0; n < 101; n++) day.place({ shares: 1 }, 0);
  const answered = () => {
    const reports = meetAnswers(day.session(), after(1), exchange);
    if (reports.length > 0) day.take({ type: 'ReportVenue', reports });
    return reports.length;
  };
  expect([answered(), answered(), answered()]).toEqual([100, 1, 0]);
});
