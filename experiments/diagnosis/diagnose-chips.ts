/** The verdicts of a comparison: what each chip's alternatives score, and everything the comparison knows put into words. */
import { UserError } from '../../core/errors.ts';
import { underName } from '../chips.ts';
import type { Task } from '../experiment.ts';
import { classifies, readsImages } from '../experiment.ts';
import type { ChipResult } from '../result.ts';
import type { ExperimentRun } from '../run-experiment.ts';
import { meanWithCi, pairedDifference } from '../statistics.ts';
import { accuraciesOf } from '../variant-accuracies.ts';
import type { AlternativeResult } from './diagnosis.ts';
import { verdictOn } from './verdict.ts';
import { isDiagnosed } from './watch-updates.ts';

/** Training samples looked at in each run. */
export const DIAGNOSED_SAMPLES = 64;

/** Refuses tasks that show no samples to learn from one by one. */
export function requireSamples(name: string, task: Task): void {
  if (isDiagnosed(task)) return;
  const why = classifies(task)
    ? 'learns its features from many images at once'
    : readsImages(task)
      ? 'gives no image an answer'
      : 'reads no images';
  throw new UserError({
    code: 'E-TASK',
    message: `--diagnose shows the same image to the chip and to an ideal twin, but ${name} (${task.kind}) ${why}`,
  });
}

export async function withVerdicts(run: ExperimentRun, results: readonly ChipResult[]): Promise<ChipResult[]> {
  const { task } = run.experiment;
  const chance = classifies(task) ? 1 / task.classes : 0;
  const subjects = run.chips.map((chip) => ({ chip, alternatives: chip.alternatives?.() ?? [] }));
  const variants = subjects.flatMap(({ chip, alternatives }) => alternatives.map((one) => underName(one.chip, chip.profile)));
  const accuracies = variants.length === 0 ? [] : await accuraciesOf(run, variants);
  return results.map((result, n) => {
    const { diagnosis, accuracy, difference, ablation } = result;
    if (diagnosis === undefined) return result;
    const { chip, alternatives } = subjects[n];
    const tried = alternatives.map(({ own, other }): AlternativeResult => {
      const scores = accuracies.shift() ?? [];
      return { own, other, ...compared(scores, accuracy?.perSeed ?? [], chance) };
    });
    const subject = {
      layers: diagnosis.layers,
      alternatives: tried,
      ...(difference && { difference }),
      ...(ablation && { ablation }),
      ...(chip.remedies && { remedies: chip.remedies }),
    };
    return { ...result, diagnosis: { ...diagnosis, alternatives: tried, ...verdictOn(subject) } };
  });
}

/** @param chance accuracy of who has learned nothing */
function compared(
  other: readonly number[],
  own: readonly number[],
  chance: number,
): Pick<AlternativeResult, 'accuracy' | 'difference' | 'kept'> {
  const [accuracy, ownMean] = [meanWithCi(other), meanWithCi(own).mean];
  const difference = pairedDifference(other, own);
  return {
    accuracy: { mean: accuracy.mean, ci95: accuracy.ci95 },
    difference: { mean: difference.mean, ci95: difference.ci95 },
    kept: ownMean <= chance ? null : Math.max(0, accuracy.mean - chance) / (ownMean - chance),
  };
}
