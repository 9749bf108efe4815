import { ApiError, AuthError, FetchError, RateLimitError } from '@alpacahq/alpaca-trade-api';
import { MarketDataUnavailable } from '@sentinel/contracts/market';

/** How long a question waits for its turn at the most, all waits together, and how often it asks again. */
const mostWaitMs = 65_000;
const mostTries = 4;
const usualWaitMs = 1_000;

/** Pauses for so many milliseconds. */
export type Pause = (ms: number) => Promise<void>;

/** What is said of a failure: never its request, which carries the keys. */
const problemOf = (error: unknown): string => {
  if (error instanceof AuthError) return 'refuses the keys';
  if (error instanceof ApiError) return `answers ${error.status}: ${error.message.slice(0, 200)}`;
  if (error instanceof FetchError) return 'cannot be reached';
  const name = error instanceof Error ? error.name : 'something unknown';
  return name === 'TimeoutError' || name === 'AbortError'
    ? 'does not answer in time'
    : `fails: ${name}`;
};

const unavailable = (what: string, error: unknown): MarketDataUnavailable =>
  error instanceof MarketDataUnavailable
    ? error
    : new MarketDataUnavailable(`Alpaca ${problemOf(error)} (${what}).`);

/** Alpaca says of a symbol that it cannot be one. */
const isUnknownSymbol = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.status === 400 || error.status === 422) &&
  /invalid symbol/i.test(error.message);

/**
 * Asks until there is an answer. One that came too soon after others waits as long as the answer says,
 * within bounds, and is then given up. @throws MarketDataUnavailable, and what Alpaca says of a symbol
 */
const askerOf =
  (pause: Pause) =>
  async <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> => {
    let waited = 0;
    for (let tries = 1; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        if (isUnknownSymbol(error)) throw error;
        if (!(error instanceof RateLimitError) || tries === mostTries)
          throw unavailable(what, error);
        const wait = Math.max(1, error.retryAfterMs ?? usualWaitMs * tries);
        if (waited + wait > mostWaitMs) throw unavailable(what, error);
        await pause(wait);
        waited += wait;
      }
    }
  };

const mostPages = 2_000;

/** Questions of one page or of many. */
export const questionsOf = (pause: Pause) => {
  const ask = askerOf(pause);

  /** Undefined where Alpaca says that there can be no such symbol. */
  const askOf = async <Answer>(what: string, question: () => Promise<Answer>) => {
    try {
      return await ask(what, question);
    } catch (error) {
      if (isUnknownSymbol(error)) return undefined;
      throw error;
    }
  };

  /** Rows of all pages, as long as the caller takes them. */
  const pages = async function* <Page extends { nextPageToken: string | null }>(
    what: string,
    question: (token: { pageToken?: string }) => Promise<Page>,
  ): AsyncGenerator<Page> {
    let token: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const here: { pageToken?: string } = token === null ? {} : { pageToken: token };
      const answer: Page | undefined = await askOf(what, () => question(here));
      if (answer === undefined) return;
      yield answer;
      token = answer.nextPageToken;
      if (token === null || token === undefined || token === '') return;
    }
    throw new RangeError(`${what}: more than ${mostPages} pages`);
  };

  return { askOf, pages };
};
