/**
 * `hillock compare`: an experiment on several chips with the same seeds, data and order; the difference of each to the reference, with a paired test,
 * Holm's correction over the chips and what the seeds can tell apart; and, on request, the ablation of each chip with effects and the diagnosis of its learning.
 */
import { ideal } from '../chips/ideal/ideal.ts';
import type { ChipBackend } from '../core/chip-contract.ts';
import type { ChipEffect } from '../core/chip-effects.ts';
import { UserError } from '../core/errors.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import type { EffectSet } from './ablation.ts';
import { ablationOf, setsToRun } from './ablation.ts';
import { underName } from './chips.ts';
import { DIAGNOSED_SAMPLES, requireSamples, withVerdicts } from './diagnosis/diagnose-chips.ts';
import { networkOf } from './plan-runs.ts';
import type { Ablation, AblationMode, ChipDifference, ChipResult, ResultDocument } from './result.ts';
import type { ExperimentRun } from './run-experiment.ts';
import { runExperiment } from './run-experiment.ts';
import { contentHash } from './run-store.ts';
import { holmCorrected, pairedDifference, pairsNeeded } from './statistics.ts';
import { accuraciesOf } from './variant-accuracies.ts';

export interface Comparison extends ExperimentRun {
  /** How chips are taken apart; absent for not at all. */
  readonly ablate?: AblationMode;
  /** Weight changes are compared with those of the ideal chip, layer by layer, and put into words. */
  readonly diagnose?: boolean;
}

export async function compareChips(comparison: Comparison): Promise<ResultDocument> {
  const { ablate, diagnose, ...run } = comparison;
  if (diagnose === true) requireSamples(run.experiment.name, run.experiment.task);
  if (ablate !== undefined && comparison.experiment.task.kind === 'stdp-window') {
    throw new UserError({
      code: 'E-TASK',
      message: `${comparison.experiment.name} has no score, so there is no loss to divide among effects`,
    });
  }
  const started = performance.now();
  const document = await runExperiment(diagnose === true ? { ...run, diagnosedSamples: DIAGNOSED_SAMPLES } : run);
  const compared = withDifferences(document.results);
  const takenApart = ablate === undefined ? compared : await withAblations(run, ablate, compared);
  const results = diagnose === true ? await withVerdicts(run, takenApart) : takenApart;
  return { ...document, verb: 'compare', results, wallSeconds: (performance.now() - started) / 1000 };
}

/** The ideal chip where it is among them, else the first. */
function withDifferences(results: readonly ChipResult[]): ChipResult[] {
  const reference = results.find(({ chip }) => chip === 'ideal') ?? results[0];
  const others = results.filter((result) => result !== reference && result.accuracy !== null);
  const { accuracy } = reference;
  if (accuracy === null) return [...results];
  const paired = others.map((result) => pairedDifference(result.accuracy?.perSeed ?? [], accuracy.perSeed));
  const corrected = holmCorrected(paired.map(({ pValue }) => pValue));
  return results.map((result) => {
    const at = others.indexOf(result);
    if (at < 0) return result;
    const { mean, ci95, pValue, n, sd } = paired[at];
    // as strict as the first step of the correction, so that as many seeds are enough whatever the other chips do
    const seedsNeeded = sd === null || sd === 0 ? null : pairsNeeded(mean, sd, { level: 1 - 0.05 / others.length });
    const plain = { reference: reference.chip, mean, ci95, p: pValue, pHolm: corrected[at], n, seedsNeeded };
    return { ...result, difference: { ...plain, words: differenceInWords(plain) } };
  });
}

/** What the seeds can tell apart: `3 seeds cannot tell 0.5 points apart; 18 would`. */
export function differenceInWords({ mean, ci95, n, pHolm, seedsNeeded }: Omit<ChipDifference, 'words'>): string {
  const points = `${Number(Math.abs(100 * mean).toPrecision(2))} points`;
  if (ci95 === null) return `1 seed says nothing about ${points}: give --seeds 2 or more`;
  const seeds = `${n} seeds`;
  if (pHolm === null)
    return mean === 0 ? `${seeds} show no difference at all` : `${seeds} differ by ${points} each, so there is no spread to test against`;
  if (pHolm < 0.05) return `${seeds} tell ${points} apart`;
  if (mean === 0) return `${seeds} show no difference on average`;
  return `${seeds} cannot tell ${points} apart; ${seedsNeeded === null ? 'no number up to a million would' : `${seedsNeeded} would, four times in five`}`;
}

/** A chip and the effects that matter to this experiment. */
interface Subject {
  readonly chip: ChipBackend;
  readonly effects: readonly ChipEffect[];
  readonly sets: readonly EffectSet[];
}

async function withAblations(comparison: ExperimentRun, mode: AblationMode, results: readonly ChipResult[]): Promise<ChipResult[]> {
  const subjects = comparison.chips.flatMap((chip): Subject[] => {
    if (chip.without === undefined) return [];
    const effects = usedEffects(comparison, chip);
    return [{ chip, effects, sets: setsToRun(effects.length, mode, comparison.seed) }];
  });
  const known = results.find(({ chip }) => chip === 'ideal');
  const variants = subjects.flatMap(({ chip, effects, sets }) => sets.map((on) => withOnly(chip, effects, on)));
  const accuracies = await accuraciesOf(comparison, known === undefined ? [ideal(), ...variants] : variants);
  const reference = known === undefined ? (accuracies.shift() ?? []) : (known.accuracy?.perSeed ?? []);
  const ablations = new Map<ChipBackend, Ablation>();
  let first = 0;
  for (const { chip, effects, sets } of subjects) {
    const own = new Map(sets.map((on, n) => [on, accuracies[first + n]]));
    first += sets.length;
    const whole = results[comparison.chips.indexOf(chip)].accuracy?.perSeed ?? [];
    ablations.set(
      chip,
      ablationOf(effects, mode, comparison.seed, (on) => own.get(on) ?? whole, reference),
    );
  }
  return results.map((result, n) => {
    const ablation = ablations.get(comparison.chips[n]);
    return ablation === undefined ? result : { ...result, ablation };
  });
}

/** Effects that change what is computed: as the only one, or as the only one that is missing. */
export function usedEffects(run: ExperimentRun, chip: ChipBackend): readonly ChipEffect[] {
  const effects = chip.effects?.() ?? [];
  const network = networkOf(run.experiment, run.rule, run.seed, run.data);
  const computation = (on: EffectSet): string => {
    const { populations, projections } = buildPlan(network, withOnly(chip, effects, on));
    return contentHash({ populations, projections });
  };
  const full = 2 ** effects.length - 1;
  const [none, all] = [computation(0), computation(full)];
  return effects.filter((_, k) => computation(2 ** k) !== none || computation(full - 2 ** k) !== all);
}

/** The chip with those of `effects` on that are in the set, and none that the list does not have. */
function withOnly(chip: ChipBackend, effects: readonly ChipEffect[], on: EffectSet): ChipBackend {
  const kept = new Set(effects.filter((_, k) => Math.floor(on / 2 ** k) % 2 === 1).map(({ name }) => name));
  const off = (chip.effects?.() ?? []).map(({ name }) => name).filter((name) => !kept.has(name));
  const variant = off.length === 0 ? chip : chip.without?.(off);
  return variant === undefined ? chip : underName(variant, chip.profile);
}
