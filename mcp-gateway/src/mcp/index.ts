export type { CallOptions } from './call.ts';
export type { FixturePrompt, FixtureResource, Fixtures, FixtureTool } from './fixtures.ts';
export { introductionOf, mcpServer } from './server.ts';
export { type PreparedTool, rooms, type Surface, surfaceOf, wireName } from './surface.ts';
