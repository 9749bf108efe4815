import type { RequestHandler } from 'express';
import helmet from 'helmet';

const notKept: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/**
 * What every answer says to a browser: that nothing of it runs, frames or is kept. A page that needs more
 * names a policy of its own. Of HTTPS it says nothing: whoever serves that does.
 */
export const securityHeaders: RequestHandler[] = [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    frameguard: { action: 'deny' },
  }),
  notKept,
];
