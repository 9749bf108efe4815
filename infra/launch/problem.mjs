/** Something that the person at the keyboard can put right: its message is all that they see. */
export class Problem extends Error {
  /** @override */
  name = 'Problem';
}

/** Someone asked this process to end while it was preparing. */
export class Interrupted extends Error {
  /** @override */
  name = 'Interrupted';
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}
