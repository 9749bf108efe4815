import { subscribe } from 'node:diagnostics_channel';

// Put into a suite that knows no log-in before it runs: whatever it asks of the server shows the token of a
// client that a human let in. Nothing else of what it sends changes.

const { SUITE_ORIGIN: origin, SUITE_TOKEN: token } = process.env;

type Asked = {
  readonly origin: string | URL;
  readonly addHeader: (name: string, value: string) => void;
};

subscribe('undici:request:create', (message) => {
  const { request } = message as { readonly request: Asked };
  if (`${request.origin}` === origin) request.addHeader('authorization', `Bearer ${token}`);
});
