import { inject } from 'vitest';

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: vitest's own interface is added to.
  interface ProvidedContext {
    /** How many cases each property is tried on in the long form; 0 for the usual, shorter one. */
    readonly propertyRuns: number;
  }
}

/** How many cases a property is tried on: `usual`, or what the long form asks for. */
export const propertyRuns = (usual: number): number => inject('propertyRuns') || usual;
