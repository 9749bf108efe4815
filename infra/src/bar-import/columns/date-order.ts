import { exchangeDays, nyseCalendar } from '@sentinel/contracts/market';
import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import { type DateOrder, dateForm, openDate, timeOf } from './times.ts';

const nameOf: Readonly<Record<DateOrder, string>> = {
  ymd: 'year, month, day',
  mdy: 'month before day',
  dmy: 'day before month',
};

/** Days as numbers, where a reading makes a date of every text. */
const daysBy = (texts: readonly string[], order: DateOrder): readonly number[] | undefined => {
  const days: number[] = [];
  for (const text of texts) {
    const time = timeOf(text, order);
    if (time === undefined || 'epochMs' in time) return undefined;
    const { year, month, day } = time;
    days.push(exchangeDays.fromDate(Temporal.PlainDate.from({ year, month, day }).toString()));
  }
  return days;
};

/** Whether the dates run one way and stand on weekdays, as those of a file in order do. */
const isSound = (days: readonly number[]): boolean => {
  const rising = days.every((day, i) => i === 0 || day >= (days[i - 1] ?? day));
  const falling = days.every((day, i) => i === 0 || day <= (days[i - 1] ?? day));
  const nyse = nyseCalendar();
  const [first, last] = [nyse.firstDate, nyse.lastDate].map((date) => exchangeDays.fromDate(date));
  const trades = (day: number) =>
    day < (first ?? 0) || day > (last ?? 0)
      ? exchangeDays.weekdayOf(day) < 6
      : nyse.sessionOfDay(day) !== undefined;
  return (rising || falling) && days.every(trades);
};

/** The order of day and month of a source's dates, proved by the dates themselves or asked for. */
export const dateOrderOf = (
  texts: readonly string[],
  options: ImportOptions,
  findings: Findings,
): DateOrder => {
  const open = [...new Set(texts.filter((text) => openDate(text) !== undefined))];
  const counted = texts.filter((text) => /^\d{9,19}(\.0+)?$/.test(text.trim())).length;
  const isAlike = new Set(texts.map(dateForm)).size <= 1;
  const isOneForm =
    isAlike &&
    (texts.every((text) => openDate(text) !== undefined) ||
      (open.length === 0 && (counted === 0 || counted === texts.length)));
  if (!isOneForm) findings.refused('date order', 'its times are written in more than one form');
  if (open.length === 0) return 'ymd';
  const pairs = open.map((text) => openDate(text) ?? [1, 1]);
  const possible: readonly DateOrder[] = [
    ...(pairs.every(([month]) => month <= 12) ? (['mdy'] as const) : []),
    ...(pairs.every(([, month]) => month <= 12) ? (['dmy'] as const) : []),
  ];
  const [only] = possible;
  if (only === undefined) {
    findings.refused('date order', 'its dates are neither month before day nor day before month');
    return 'mdy';
  }
  const told = options.dateOrder;
  if (told !== undefined && told !== 'ymd') {
    if (!possible.includes(told))
      findings.refused(
        'date order',
        `--date-order ${told} contradicts its dates, such as ${open[0]}`,
      );
    return told;
  }
  if (possible.length === 1) {
    findings.proved('date order', `dates stand ${nameOf[only]}`);
    return only;
  }
  const sound = possible.filter((order) => isSound(daysBy(open, order) ?? [0, -1, 0]));
  const [proved] = sound;
  if (sound.length === 1 && proved !== undefined) {
    findings.proved(
      'date order',
      `dates stand ${nameOf[proved]}: no other order runs on trading days`,
    );
    return proved;
  }
  findings.asked(
    'date order',
    `${open[0]} may be month or day first, and all its dates may: say --date-order mdy or --date-order dmy`,
  );
  return 'mdy';
};
