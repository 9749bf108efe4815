/** What an adapter needs of a logger; a pino logger is one. */
export type Log = {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
};
