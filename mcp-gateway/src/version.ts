import manifest from '../../package.json' with { type: 'json' };

/** Version of this Sentinel. */
export const version: string = manifest.version;
