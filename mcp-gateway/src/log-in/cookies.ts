import type { IncomingMessage, ServerResponse } from 'node:http';

/** The value of a cookie; undefined where it is not sent, or sent twice: one of them may be planted. */
export const cookieOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each.startsWith(`${name}=`))
    .map((each) => each.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
};

/**
 * Sets a cookie that no script reads. Lax and not Strict: whoever comes from the page of their assistant
 * has logged in all the same, and nothing changes by a GET.
 */
export const setCookie = (
  response: ServerResponse,
  {
    name,
    value,
    seconds,
  }: { readonly name: string; readonly value: string; readonly seconds: number },
): void => {
  const secure = name.startsWith('__Host-') ? '; Secure' : '';
  response.appendHeader(
    'Set-Cookie',
    `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`,
  );
};
