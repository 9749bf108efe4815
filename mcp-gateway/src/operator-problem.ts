/** What ends an operator's command with one sentence. */
export class OperatorProblem extends Error {
  override readonly name = 'OperatorProblem';
}
