import { exchangeDays, nyseCalendar } from '@sentinel/contracts/market';

/** One bar that every vendor's file of the library tells in its own way. */
export type ReferenceBar = {
  readonly ms: number;
  readonly date: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: number;
};

/** A walk that anybody can repeat. */
const walk = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

const tradingDays = (from: string, count: number): readonly number[] => {
  const days: number[] = [];
  for (let day = exchangeDays.fromDate(from); days.length < count; day++)
    if (nyseCalendar().sessionOfDay(day) !== undefined) days.push(day);
  return days;
};

const barFrom = (
  cents: number,
  draw: () => number,
): Pick<ReferenceBar, 'open' | 'high' | 'low' | 'close'> => {
  const close = cents + Math.round((draw() - 0.5) * 40);
  const [high, low] = [
    Math.max(cents, close) + Math.round(draw() * 20),
    Math.min(cents, close) - Math.round(draw() * 20),
  ];
  const text = (value: number) => (value / 100).toFixed(2);
  return { open: text(cents), high: text(high), low: text(low), close: text(close) };
};

/** Daily bars over a spring of 2021; days pass the 12th, so that day and month can be told apart. */
export const dailyReference = (count = 60): readonly ReferenceBar[] => {
  const draw = walk(7);
  let cents = 12_500;
  return tradingDays('2021-02-01', count).map((day) => {
    const bar = barFrom(cents + Math.round((draw() - 0.5) * 30), draw);
    cents = Math.round(Number(bar.close) * 100);
    return {
      ms: exchangeDays.startOf(day),
      date: exchangeDays.dateOf(day),
      ...bar,
      volume: 1_000_000 + Math.round(draw() * 900_000),
    };
  });
};

const sharesAt = (minute: number, draw: () => number): number => {
  const noise = 0.7 + 0.6 * draw();
  if (minute < 570) return Math.round(60 * noise);
  if (minute >= 960) return Math.round(90 * noise);
  return Math.round((3_000 + 30_000 / (1 + minute - 570) + 9_000 / (961 - minute)) * noise);
};

/** Bars of five minutes with the hours before and after the market, in winter and in summer. */
export const intradayReference = (minutes = 5): readonly ReferenceBar[] => {
  const draw = walk(11);
  let cents = 12_500;
  return [...tradingDays('2021-01-11', 6), ...tradingDays('2021-07-12', 6)].flatMap((day) =>
    Array.from({ length: (1_080 - 480) / minutes }, (_, i) => {
      const minute = 480 + i * minutes;
      const bar = barFrom(cents, draw);
      cents = Math.round(Number(bar.close) * 100);
      return {
        ms: exchangeDays.minuteOf(day, minute),
        date: exchangeDays.dateOf(day),
        ...bar,
        volume: sharesAt(minute, draw),
      };
    }),
  );
};

/** What the clock of a zone shows, as `2021-01-11 09:30:00`. */
export const wall = (ms: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ');
