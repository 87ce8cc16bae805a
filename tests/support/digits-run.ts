/** Digits with few images, as a run of chips: wide effects in a second or two; and the diagnosis of their learning. */
import { unreachable } from 'uvu/assert';
import { scenarioTable } from '../../cli/scenario-table.ts';
import type { ChipBackend } from '../../core/chip-contract.ts';
import { namedRule } from '../../core/network/read-projection.ts';
import { GLYPH_SIZE } from '../../experiments/data/glyphs.ts';
import { loadData } from '../../experiments/data/load-data.ts';
import type { Diagnosis } from '../../experiments/diagnosis/diagnosis.ts';
import { readScenario } from '../../experiments/read-experiment.ts';
import type { ChipResult } from '../../experiments/result.ts';
import type { ExperimentRun } from '../../experiments/run-experiment.ts';
import { runExperiment } from '../../experiments/run-experiment.ts';

export interface Size {
  readonly train?: number;
  readonly test?: number;
  readonly seeds?: number;
}

export function digitsRun(
  ruleName: string,
  chips: readonly ChipBackend[],
  { train = 100, test = 60, seeds = 2 }: Size = {},
): ExperimentRun {
  const rule = namedRule(ruleName, (message) => unreachable(message));
  const { experiment, rule: fitted } = readScenario(scenarioTable.digits, {
    pixels: GLYPH_SIZE * GLYPH_SIZE,
    realImages: false,
    counts: { train, test, epochs: 1 },
    leaveNotation: false,
    ...(rule && { rule: { rule } }),
  });
  return {
    experiment,
    rule: fitted,
    chips,
    seed: 1,
    seeds,
    threads: 2,
    resume: false,
    command: 'hillock compare digits',
    data: loadData({ seed: 1, train, test }),
  };
}

export const diagnosesIn = (results: readonly ChipResult[]): Diagnosis[] =>
  results.map(({ chip, diagnosis }) => diagnosis ?? unreachable(`${chip} has no diagnosis`)) as Diagnosis[];

/** By layers alone, without what a comparison finds out besides. */
export async function diagnoses(rule: string, chips: readonly ChipBackend[], size: Size): Promise<Diagnosis[]> {
  return diagnosesIn((await runExperiment({ ...digitsRun(rule, chips, size), diagnosedSamples: 64 })).results);
}
