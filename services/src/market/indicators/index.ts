export {
  type Bands,
  bollinger,
  bollingerStream,
  bollingerWidth,
  bollingerWidthStream,
} from './bollinger.ts';
export type { BarStream, HighLowClose, ValueStream } from './column.ts';
export { efficiency, efficiencyStream } from './efficiency.ts';
export { ema, emaStream } from './ema.ts';
export { hurst, hurstStream } from './hurst.ts';
export { type HurstBand, hurstBand } from './hurst-null.ts';
export { rollingExtreme } from './rolling-extreme.ts';
export { rsi, rsiStream } from './rsi.ts';
export { type SessionBars, sessionVwap, sessionVwapStream, vwapDeviation } from './session-vwap.ts';
export { volumeRatio, volumeRatioStream } from './volume-ratio.ts';
export { wilderAdx, wilderAdxStream } from './wilder-adx.ts';
export { wilderAtr, wilderAtrStream } from './wilder-atr.ts';
