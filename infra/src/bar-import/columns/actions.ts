import type { Row } from '../reading/table.ts';
import type { SourceBar } from '../series.ts';
import { type DecimalMark, isEmptyFigure, plainFigure } from './figures.ts';

/** What Yahoo's page writes among its prices: a dividend or a split on a row of its own. */
export const actionOf = (row: Row): Partial<SourceBar> | undefined => {
  const text = row.cells.join(' ');
  const dividend = /([\d.]+)\s+dividend/i.exec(text)?.[1];
  if (dividend !== undefined) return { dividend };
  const split = /(\d+)\s*[:/]\s*(\d+)\s+stock split/i.exec(text);
  return split === null ? undefined : { split: Number(split[1]) / Number(split[2]) };
};

/** New shares to each old one; `4/1` and `4:1` are taken as they are meant. 1 and 0 say that none was. */
export const splitIn = (text: string): number | undefined => {
  if (isEmptyFigure(text)) return undefined;
  const ratio = /^([\d.]+)\s*[:/]\s*([\d.]+)$/.exec(text);
  const value = ratio === null ? Number(text) : Number(ratio[1]) / Number(ratio[2]);
  return Number.isFinite(value) && value > 0 && value !== 1 ? value : undefined;
};

export const dividendIn = (text: string, decimal: DecimalMark): string | undefined => {
  const plain = isEmptyFigure(text) ? undefined : plainFigure(text, decimal);
  return plain === undefined || !(Number(plain) > 0) ? undefined : plain;
};
