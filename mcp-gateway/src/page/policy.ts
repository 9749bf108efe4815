/** Nothing from elsewhere, nothing inline, no frame around it, and forms to these places alone. */
export const policyOf = (...sendsTo: readonly string[]): string =>
  [
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'",
    `form-action ${sendsTo.length === 0 ? "'none'" : sendsTo.join(' ')}`,
    "frame-ancestors 'none'",
  ].join('; ');
