import { channel } from 'node:diagnostics_channel';
import { registerHooks } from 'node:module';

const name = 'sentinel.oidc-provider';
/** Where the library keeps how it speaks to people: on the console, which is not ours to give away. */
const speaking = '/oidc-provider/lib/helpers/attention.js';
const source = `
  import { channel } from 'node:diagnostics_channel';
  const told = channel(${JSON.stringify(name)});
  export const info = (text) => told.publish(text);
  export const warn = info;
`;

/**
 * Loads what loads oidc-provider, so that what the library would say on the console is told here, then and
 * later: of a Node that it does not know, say. Nobody else's module and nobody's console is touched.
 */
export const hearNotices = async <Loaded>(
  onNotice: (text: string) => void,
  load: () => Promise<Loaded>,
): Promise<Loaded> => {
  channel(name).subscribe((text) => onNotice(`oidc-provider: ${text}`));
  const hooks = registerHooks({
    load: (url, context, next) =>
      url.endsWith(speaking)
        ? { format: 'module', source, shortCircuit: true }
        : next(url, context),
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
};
