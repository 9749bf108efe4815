export { formPurpose } from './frame.ts';
export { deskRoutes } from './routes.ts';
