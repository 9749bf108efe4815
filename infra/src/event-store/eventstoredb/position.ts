const prepareBits = 64n;
const prepareMask = (1n << prepareBits) - 1n;

type ServerPosition = { readonly commit: bigint; readonly prepare: bigint };

/** The server's pair as the one number of the port: it grows as the pair does. */
export const packPosition = ({ commit, prepare }: ServerPosition): bigint =>
  (commit << prepareBits) | prepare;

export const unpackPosition = (position: bigint): ServerPosition => ({
  commit: position >> prepareBits,
  prepare: position & prepareMask,
});
