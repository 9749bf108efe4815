/** What separates the whole from its parts in the figures of a table. */
export type DecimalMark = 'point' | 'comma';

const empty = /^(|null|nan|n\/a|na|none|-|--|undefined|#n\/a)$/i;

export const isEmptyFigure = (text: string): boolean => empty.test(text.trim());

const suffixes: Readonly<Record<string, number>> = { K: 3, M: 6, B: 9, T: 12 };

/** Moves the point of a plain decimal by powers of ten, without any arithmetic that rounds. */
export const shifted = (plain: string, power: number): string => {
  if (power === 0) return plain;
  const negative = plain.startsWith('-');
  const [whole = '0', part = ''] = (negative ? plain.slice(1) : plain).split('.');
  const zeros = '0'.repeat(Math.abs(power));
  const padded = power > 0 ? [whole, `${part}${zeros}`] : [`${zeros}${whole}`, part];
  const digits = `${padded[0]}${padded[1]}`;
  const point = (padded[0]?.length ?? 0) + power;
  const moved = `${digits.slice(0, point).replace(/^0+(?=\d)/, '')}.${digits.slice(point)}`;
  const trimmed = moved.replace(/\.?0*$/, '');
  return `${negative ? '-' : ''}${trimmed === '' ? '0' : trimmed}`;
};

/** Thousands that are grouped as thousands are: 1,234,567 and not 12,34. */
const grouped = (text: string, mark: string): boolean =>
  new RegExp(`^\\d{1,3}(\\${mark}\\d{3})+(?!\\d)`).test(text);

const withoutGroups = (text: string, decimal: DecimalMark): string | undefined => {
  const [group, point] = decimal === 'point' ? [',', '.'] : ['.', ','];
  const spaceless = text.replace(/[\s’'\u00a0\u202f](?=\d{3})/g, '');
  if (spaceless.includes(group)) {
    if (!grouped(spaceless, group)) return undefined;
    return spaceless.replaceAll(group, '').replace(point, '.');
  }
  return spaceless.replace(point, '.');
};

/** What most figures are: nothing is to be taken off them. */
const asItStands = /^(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;

/**
 * A figure as a plain decimal such as 1234.5: without currency, thousands, suffix (1.2M) or exponent.
 * Every digit is kept. Undefined for what is no figure.
 */
export const plainFigure = (text: string, decimal: DecimalMark): string | undefined => {
  if (decimal === 'point' && asItStands.test(text)) return text;
  const bare = text
    .trim()
    .replace(/^([+-]?)\s*(?:US\$|USD|[$€£])\s*/, '$1')
    .replace(/\s*(USD|[$€£])$/, '');
  const match = /^([+-]?)([\d.,\s’'\u00a0\u202f]+?)(?:[eE]([+-]?\d{1,3}))?\s*([kKmMbBtT])?$/.exec(
    bare,
  );
  const [, sign = '', digits = '', exponent = '0', suffix = ''] = match ?? [];
  if (match === null) return undefined;
  const plain = withoutGroups(digits.trim(), decimal);
  if (plain === undefined || !/^(\d+\.?\d*|\.\d+)$/.test(plain)) return undefined;
  const [whole = '', part = ''] = plain.split('.');
  const normal = `${whole === '' ? '0' : whole.replace(/^0+(?=\d)/, '')}${part === '' ? '' : `.${part}`}`;
  const power = Number(exponent) + (suffixes[suffix.toUpperCase()] ?? 0);
  if (Math.abs(power) > 30) return undefined;
  return `${sign === '-' ? '-' : ''}${shifted(normal, power)}`;
};

/** Which mark the figures of a column set have: told where some cell has but one meaning. */
export const decimalMarkOf = (cells: Iterable<string>): DecimalMark | 'unclear' | 'none' => {
  let [point, comma, unclear] = [0, 0, 0];
  for (const cell of cells) {
    const text = cell.replace(/[^\d.,]/g, '');
    const [lastPoint, lastComma] = [text.lastIndexOf('.'), text.lastIndexOf(',')];
    if (lastPoint !== -1 && lastComma !== -1) {
      if (lastPoint > lastComma) point++;
      else comma++;
    } else if (lastPoint !== -1) {
      if (text.indexOf('.') === lastPoint) point += /^\d{1,3}\.\d{3}$/.test(text) ? 0 : 1;
      else comma++;
    } else if (lastComma !== -1) {
      if (text.indexOf(',') !== lastComma) point++;
      else if (/^[1-9]\d{0,2},\d{3}$/.test(text)) unclear++;
      else comma++;
    }
  }
  if (point > 0 && comma > 0) return 'unclear';
  if (point > 0) return 'point';
  if (comma > 0) return 'comma';
  return unclear > 0 ? 'unclear' : 'none';
};
