/** Bytes of a request body at the most; the largest honest call is a few kilobytes. */
export const largestBodyBytes = 256 * 1024;
const deepestNesting = 32;

/** Whether a JSON text nests deeper than any of our messages, seen before anything is parsed. */
export const nestsTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (inString) {
      if (character === 0x5c) i++;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) {
      inString = true;
    } else if (character === 0x7b || character === 0x5b) {
      if (++depth > deepestNesting) return true;
    } else if (character === 0x7d || character === 0x5d) {
      depth--;
    }
  }
  return false;
};

export type ParsedBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

export const parseBody = (text: string): ParsedBody => {
  if (nestsTooDeep(text))
    return { ok: false, problem: `The body nests deeper than ${deepestNesting} levels.` };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, problem: 'The body is not JSON.' };
  }
};
