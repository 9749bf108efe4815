/** What Node says of the parts of Web Crypto that passkeys are proved by: that they are new. */
const ofWebCrypto = /\bWeb Crypto API (?:method|algorithm) is an experimental feature\b/;

type Emitting = Pick<NodeJS.Process, 'emitWarning'>;

/**
 * Tells here, then and later, what Node would print of Web Crypto at the first passkey: whether post-quantum
 * keys are known is asked by a method, and they are proved by an algorithm, that it calls experimental. Every
 * other warning is printed as before.
 */
export const hearWebCrypto = (
  onNotice: (text: string) => void,
  process: Emitting = globalThis.process,
): void => {
  const print = process.emitWarning.bind(process) as (...warning: unknown[]) => void;
  process.emitWarning = (...warning: readonly unknown[]): void => {
    const [said, kind] = warning;
    const isOurs = kind === 'ExperimentalWarning' && ofWebCrypto.test(`${said}`);
    if (isOurs) onNotice(`node: ${said}`);
    else print(...warning);
  };
};
