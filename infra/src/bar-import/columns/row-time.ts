import type { Row } from '../reading/table.ts';
import type { Layout } from './layout.ts';
import type { Places, Role } from './roles.ts';

export const cellOf = (row: Row, places: Places, role: Role): string => {
  const place = places.get(role);
  return place === undefined ? '' : (row.cells[place]?.trim() ?? '');
};

const dayInName = (file: string): string => /\d{8}/.exec(file)?.[0] ?? '';

/** The time of a row as one text, whatever columns it stands in. */
export const timeText = (
  row: Row,
  { layout, file }: { readonly layout: Layout; readonly file: string },
): string => {
  const time = cellOf(row, layout.places, 'time');
  if (layout.sinceMidnight) {
    const seconds = Math.floor(Number(time) / 1_000);
    const part = (value: number) => String(value).padStart(2, '0');
    const clock = [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map((n) =>
      part(Math.floor(n)),
    );
    return `${dayInName(file)} ${clock.join(':')}`;
  }
  if (time !== '') return time;
  const [date, clock] = [cellOf(row, layout.places, 'date'), cellOf(row, layout.places, 'clock')];
  if (clock === '') return date;
  const packed = /^(\d{1,2})(\d{2})(\d{2})?$/.exec(
    clock.padStart(clock.length % 2 === 1 ? clock.length + 1 : 4, '0'),
  );
  return `${date} ${packed === null ? clock : `${packed[1]}:${packed[2]}:${packed[3] ?? '00'}`}`;
};
