export { type SecondOpinion, secondOpinion } from './second-opinion.ts';
