const largestBytes = 65_536;

/**
 * Fetches a document of JSON, of at most 64 KiB, and follows no redirect.
 * @throws where it is another answer, a larger one, or none
 */
export const boundedFetch = async (
  url: string | URL,
  init: Pick<RequestInit, 'headers' | 'signal'>,
): Promise<Response> => {
  const { host } = new URL(url);
  const answer = await fetch(url, { ...init, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Who reads no more leaves the rest unread: breaking off ends the connection.
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > largestBytes) throw new Error(`${host} answers more than ${largestBytes} bytes`);
    chunks.push(chunk);
  }
  if (answer.status !== 200) throw new Error(`${host} answers ${answer.status}`);
  return new Response(Buffer.concat(chunks), { status: 200 });
};
