/** `hillock run`: one experiment on one or more chips and seeds. The result goes to stdout as a table or one JSON document. */
import { runExperiment } from '../experiments/run-experiment.ts';
import type { Answer, Terminal } from './answer.ts';
import { runTable } from './energy-claims.ts';
import { questionVerb } from './question.ts';
import type { RunOptions, RunVerb } from './run-chips.ts';
import { runChips } from './run-chips.ts';
import { questionScenarios, tableScenarios } from './scenario-table.ts';
import { resultTable } from './table.ts';

const RUN: RunVerb = { name: 'run', suggested: { chips: ['ideal'] }, make: runExperiment, print: resultTable };

export async function run(source: string, options: RunOptions, terminal: Terminal): Promise<Answer> {
  if (Object.hasOwn(tableScenarios, source)) return runTable(tableScenarios[source], options, terminal);
  if (Object.hasOwn(questionScenarios, source)) return runChips(questionVerb(questionScenarios[source]), source, options, terminal);
  return runChips(RUN, source, options, terminal);
}
