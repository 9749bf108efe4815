import type { Finding } from '../findings.ts';
import { sentenceOf } from '../findings.ts';
import type { Chart, Summary } from './summary.ts';

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const [width, height, margin] = [720, 180, 8];
/** A step between two points of the chart that is so much longer than the usual one is a gap. */
const gapFactor = 3;

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

/** Closes as a line on a logarithmic scale, broken at gaps, with splits as upright lines. */
const chartOf = ({ dates, closes }: Chart, splits: readonly string[]): string => {
  if (closes.length < 2) return '';
  const days = dates.map(dayOf);
  const [first = 0, last = 1] = [days[0], days.at(-1)];
  const logs = closes.map((close) => Math.log(Math.max(close, 1e-6)));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const x = (day: number) =>
    margin + ((day - first) / Math.max(1, last - first)) * (width - 2 * margin);
  const y = (log: number) =>
    height - margin - ((log - low) / Math.max(1e-9, high - low)) * (height - 2 * margin);
  const steps = days.slice(1).map((day, i) => day - (days[i] ?? day));
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 1;
  const isGap = (i: number) => i > 0 && (steps[i - 1] ?? 0) > Math.max(6, gapFactor * usual);
  const path = days
    .map(
      (day, i) =>
        `${i === 0 || isGap(i) ? 'M' : 'L'}${x(day).toFixed(1)},${y(logs[i] ?? low).toFixed(1)}`,
    )
    .join('');
  const gaps = days
    .map((day, i) =>
      isGap(i)
        ? `<rect class="gap" x="${x(days[i - 1] ?? day).toFixed(1)}" y="0" width="${(x(day) - x(days[i - 1] ?? day)).toFixed(1)}" height="${height}"/>`
        : '',
    )
    .join('');
  const upright = splits
    .map((split) => {
      const [, date = '', ratio = ''] = split.split(',');
      const at = x(dayOf(date)).toFixed(1);
      return `<line class="split" x1="${at}" x2="${at}" y1="0" y2="${height}"/><text x="${at}" y="12">${escaped(ratio)}</text>`;
    })
    .join('');
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="closes from ${dates[0]} to ${dates.at(-1)}">${gaps}<path d="${path}"/>${upright}</svg>`;
};

const listOf = (findings: readonly Finding[]): string =>
  findings
    .map(
      (finding) =>
        `<li class="${finding.is}"><b>${finding.is}</b> ${escaped(sentenceOf(finding))}</li>`,
    )
    .join('');

const sectionOf = (summary: Summary): string => {
  const { symbol, is, bars, timeframe, from, to, source, splits, findings, chart } = summary;
  const facts = is === 'taken' ? `${bars} bars of ${timeframe}, ${from} to ${to}` : is;
  return `<section><h2>${escaped(symbol ?? source)}</h2><p>${escaped(facts)} · ${escaped(source)}</p>${chartOf(chart, splits)}<ul>${listOf(findings)}</ul></section>`;
};

const style =
  'body{font:15px/1.45 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}' +
  'svg{width:100%;height:auto;background:#f6f7f9}path{fill:none;stroke:#1f5fbf;stroke-width:1.2}.gap{fill:#f3d9c9}' +
  '.split{stroke:#8a4fbf;stroke-dasharray:3 3}text{font-size:11px;fill:#8a4fbf}li b{display:inline-block;width:4.6em}' +
  '.asked b{color:#9a6200}.refused b{color:#b3261e}.proved b{color:#1e7a3c}h2{margin:1.6rem 0 .2rem}p{margin:.2rem 0}';

/** The report as one page that needs nothing else. */
export const pageOf = (
  into: string,
  summaries: readonly Summary[],
  library: readonly Finding[],
): string => {
  const taken = summaries.filter(({ is }) => is === 'taken').length;
  const worstFirst = [...summaries].sort(
    (a, b) => Number(a.is === 'taken') - Number(b.is === 'taken'),
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Import into ${escaped(into)}</title><style>${style}</style><h1>Import into ${escaped(into)}</h1><p>${taken} of ${summaries.length} taken.</p><ul>${listOf(library)}</ul>${worstFirst.map(sectionOf).join('')}</html>\n`;
};
