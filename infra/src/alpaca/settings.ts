/** Which exchanges' prices: those of IEX alone, or of all exchanges (the SIPs), as the subscription allows. */
export type AlpacaFeed = 'iex' | 'sip';

export type AlpacaSettings = {
  /** Never told to anybody: not in messages, not in logs. */
  readonly keyId: string;
  readonly secretKey: string;
  readonly feed: AlpacaFeed;
  /** Where to ask; Alpaca's own host unless told. */
  readonly dataUrl?: string | undefined;
  /** Where to listen, without the feed; Alpaca's own host unless told. */
  readonly streamUrl?: string | undefined;
};
