/** Why something was not done: a closed code, what happened, and what the caller can do about it. */
export type Refusal<Code extends string = string> = {
  readonly code: Code;
  /** One sentence: what happened. */
  readonly message: string;
  /** One sentence: what to do. */
  readonly remedy: string;
};

/** A refusal is a value, not an exception: the caller must look before it goes on. */
export type Outcome<Value, Code extends string = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

export const accepted = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({
  ok: true,
  value,
});

export const refused = <Code extends string>(
  code: Code,
  message: string,
  remedy: string,
): { readonly ok: false; readonly refusal: Refusal<Code> } => ({
  ok: false,
  refusal: { code, message, remedy },
});
