import { MarketDataUnavailable, type Ticker, tickerArgument } from '@sentinel/contracts/market';
import type { AlpacaSettings, PastBars } from '../alpaca/index.ts';
import type { Config } from '../config/index.ts';
import { systemClock } from '../runtime/index.ts';
import type { Declarations } from './declarations.ts';
import type { Finding } from './findings.ts';
import { importGroup, type Outcome, type Progress } from './import-files.ts';
import { type ImportOptions, ImportProblem } from './options.ts';

const scheme = /^alpaca:/i;

/** Whether a source is no file, but what Alpaca has of a symbol. */
export const isAlpaca = (source: string): boolean => scheme.test(source);

/** The keys and addresses of Alpaca as the settings have them. @throws ImportProblem */
export const alpacaSettings = (
  config: Pick<
    Config,
    'ALPACA_API_KEY_ID' | 'ALPACA_API_SECRET_KEY' | 'ALPACA_FEED' | 'ALPACA_DATA_URL'
  >,
): AlpacaSettings => {
  const { ALPACA_API_KEY_ID: keyId, ALPACA_API_SECRET_KEY: secretKey } = config;
  if (keyId === undefined || secretKey === undefined)
    throw new ImportProblem('alpaca: needs ALPACA_API_KEY_ID and ALPACA_API_SECRET_KEY.');
  return { keyId, secretKey, feed: config.ALPACA_FEED, dataUrl: config.ALPACA_DATA_URL };
};

const refusal = (source: string, text: string, symbol?: string): Outcome => {
  const finding: Finding = { source, line: 0, is: 'refused', about: 'alpaca', text, count: 1 };
  return { source, symbol, findings: [finding], proven: undefined };
};

const keyed = (symbol: Ticker, byDate: ReadonlyMap<string, string>) =>
  new Map([...byDate].map(([date, value]) => [`${symbol},${date}`, value] as const));

/** What a library says already of a day must not be said otherwise. */
const contradiction = (
  found: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
): string | undefined => {
  for (const [key, value] of found) {
    const other = known.get(key);
    if (other !== undefined && other !== value && Number(other) !== Number(value))
      return `says ${key},${value}, where the library says ${other}`;
  }
  return undefined;
};

const proved = (
  source: string,
  { symbol, got }: { readonly symbol: Ticker; readonly got: PastBars },
  { declared, options }: { readonly declared: Declarations; readonly options: ImportOptions },
): readonly Outcome[] => {
  const [splits, dividends] = [keyed(symbol, got.splits), keyed(symbol, got.dividends)];
  const against =
    contradiction(splits, declared.splits) ?? contradiction(dividends, declared.dividends);
  if (against !== undefined) return [refusal(source, against, symbol)];
  const known = {
    splits: new Map([...declared.splits, ...splits]),
    dividends: new Map([...declared.dividends, ...dividends]),
  };
  const bytes = new TextEncoder().encode(got.text);
  const text = `${got.count} raw bars of the feed ${options.alpaca?.feed}, with ${splits.size} splits and ${dividends.size} dividends`;
  const told: Finding = { source, line: 0, is: 'told', about: 'alpaca', text, count: 1 };
  return importGroup([{ name: source, file: `${symbol}.csv`, bytes }], known, options).map(
    (outcome) => ({
      ...outcome,
      findings: [told, ...outcome.findings],
      proven: outcome.proven && {
        ...{ ...outcome.proven, splits, dividends },
        dividendsAre: dividends.size > 0 ? 'paid' : undefined,
      },
    }),
  );
};

/** What Alpaca has of one symbol, proved as files are; nothing is thrown for what it answers. */
export const importFromAlpaca = async (
  source: string,
  declared: Declarations,
  { options, progress }: { readonly options: ImportOptions; readonly progress: Progress },
): Promise<readonly Outcome[]> => {
  const symbol = tickerArgument.safeParse(source.replace(scheme, '')).data;
  if (symbol === undefined) return [refusal(source, 'names no ticker such as alpaca:AAPL')];
  const { alpaca: settings, from, to, timeframe } = options;
  if (settings === undefined || from === undefined)
    return [refusal(source, 'needs --from, such as --from 2020-01-01', symbol)];
  const nowMs = systemClock().epochMilliseconds;
  const fromMs = Date.parse(from);
  const { pastBars } = await import('../alpaca/index.ts');
  try {
    const got = await pastBars(settings, {
      ...{ symbol, timeframe, from, to, nowMs },
      progress: (atMs) => progress({ bytes: atMs - fromMs, of: nowMs - fromMs, name: source }),
    });
    if (got.count === 0) return [refusal(source, 'has no bars in these days', symbol)];
    return proved(source, { symbol, got }, { declared, options });
  } catch (error) {
    if (!(error instanceof MarketDataUnavailable)) throw error;
    return [refusal(source, error.message, symbol)];
  }
};
