export type { CallOptions } from './call-options.ts';
export type { FixturePrompt, FixtureResource, Fixtures, FixtureTool } from './fixtures.ts';
export type { Heard } from './said.ts';
export { introductionOf, mcpServer } from './server.ts';
export { type PreparedTool, rooms, type Surface, surfaceOf, wireName } from './surface.ts';
