export type { CallOptions } from './call-options.ts';
export type { Heard } from './said.ts';
export { mcpServer } from './server.ts';
export { type PreparedTool, rooms, type Surface, surfaceOf, wireName } from './surface.ts';
