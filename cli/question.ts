/** `hillock run how-many-levels` and its like: a question to a row of chips, answered in words, with the curve behind it. */

import type { ResultDocument } from '../experiments/result.ts';
import type { QuestionScenario } from '../experiments/scenario.ts';
import { askQuestion } from '../experiments/sweep/ask.ts';
import type { RunVerb } from './run-chips.ts';
import { answerText } from './sweep-text.ts';

/** Fewer seeds have intervals too wide for a threshold. */
const SEEDS = 5;

export const questionVerb = (scenario: QuestionScenario): RunVerb => ({
  name: 'run',
  on: scenario.on,
  suggested: { chips: scenario.chips, seeds: SEEDS },
  make: (run, chipNames) => askQuestion(scenario, run, chipNames),
  print: (document: ResultDocument, colour) => (document.sweep === undefined ? '' : answerText(document.sweep, colour)),
});
