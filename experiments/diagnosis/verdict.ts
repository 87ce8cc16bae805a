/**
 * The verdict on learning in words, from measured figures alone: what is found in each layer, what the ablation and the alternatives of the chip say, and
 * the remedy that the chip has for it.
 *
 *   silence      neurons behind the layer hardly spike, or nothing was to be learned in any sample
 *   lost         more than half of the changes store nothing, and less than 70 % of the learning arrives
 *   noise        the signal-to-noise of the changes is less than half that of the ideal ones, and they spread more than half as far again
 *   bias         neither, and even summed over all samples the changes point more than 30 degrees away
 *   saturation   more than a quarter of the weights stand at an end of their range, and more than half as many again as at the start
 */
import type { ChipRemedies, LearningFinding } from '../../core/chip-effects.ts';
import { signedPoints } from '../points-text.ts';
import type { Ablation, ChipDifference, MeanOverSeeds } from '../result.ts';
import type { AlternativeResult, DiagnosedLayer, Diagnosis } from './diagnosis.ts';

const LIMITS = { silent: 0.01, lost: 0.5, carried: 0.7, noise: 0.5, spread: 1.5, bias: 30, saturated: 0.25, grown: 1.5 } as const;

/** What helps on any chip, where the chip has nothing better to say. */
const REMEDIES: Readonly<Record<LearningFinding, string>> = {
  silence: 'raise the start weights or lower the thresholds',
  lost: 'raise the learning rate, so that a change reaches one level',
  noise: 'fewer and larger changes',
  bias: 'switch effects off one by one (--ablate) to see which bends the changes',
  saturation: 'wider bounds of the rule, a smaller learning rate, or a rule with decay',
};

export interface VerdictSubject {
  readonly layers: readonly DiagnosedLayer[];
  readonly alternatives?: readonly AlternativeResult[];
  readonly difference?: ChipDifference;
  readonly ablation?: Ablation;
  readonly remedies?: ChipRemedies;
}

export function verdictOn(subject: VerdictSubject): Pick<Diagnosis, 'findings' | 'verdict'> {
  const { layers, alternatives = [], difference, ablation, remedies } = subject;
  const found = layers.flatMap((layer) => findingsIn(layer).map((finding) => ({ finding, layer })));
  const kinds = [...new Set(found.map(({ finding }) => finding))];
  const sentences = [
    ...standing(difference, found.length > 0),
    ...largestLoss(ablation, remedies),
    ...alternatives.map(alternativeInWords),
    ...kinds.map((kind) => {
      const where = found.filter(({ finding }) => finding === kind).map(({ layer }) => layer);
      return `${where.map((layer) => FINDINGS[kind](layer)).join('; ')}. Most likely remedy: ${remedies?.findings[kind] ?? REMEDIES[kind]}.`;
    }),
    ...layers.flatMap(keptByChance),
    ...gradientInWords(layers),
  ];
  return {
    findings: found.map(({ finding, layer }) => ({ finding, projection: layer.projection })),
    verdict: sentences.length > 0 ? sentences : ['Weights change as the rule asks.'],
  };
}

export function findingsIn(layer: DiagnosedLayer): LearningFinding[] {
  const { updates, lostShare, carriedShare, angleOfSumDegrees, saturatedShare, activity } = layer;
  const isSilent = updates === 0 || activity.post.active.mean < LIMITS.silent;
  const isLost = (lostShare?.mean ?? 0) > LIMITS.lost && (carriedShare?.mean ?? 1) < LIMITS.carried;
  const isNoisy = hasNoise(layer);
  const isBent = !isLost && !isNoisy && (angleOfSumDegrees?.mean ?? 0) > LIMITS.bias;
  const isFull = saturatedShare.mean > LIMITS.saturated && saturatedShare.mean > LIMITS.grown * layer.saturatedShareAtFirst.mean;
  const each: readonly [boolean, LearningFinding][] = [
    [isSilent, 'silence'],
    [isLost, 'lost'],
    [isNoisy, 'noise'],
    [isBent, 'bias'],
    [isFull, 'saturation'],
  ];
  return each.flatMap(([isThere, finding]) => (isThere ? [finding] : []));
}

function hasNoise({ signalToNoise, idealSignalToNoise, spreadRatio }: DiagnosedLayer): boolean {
  if (signalToNoise === null || idealSignalToNoise === null) return false;
  return signalToNoise.mean < LIMITS.noise * idealSignalToNoise.mean && (spreadRatio?.mean ?? 0) > LIMITS.spread;
}

const FINDINGS: Readonly<Record<LearningFinding, (layer: DiagnosedLayer) => string>> = {
  silence: ({ projection, activity: { post } }) =>
    `${projection}: ${percent(post.active.mean)} of ${post.population} spike in a sample, so there is little to learn from`,
  lost: ({ projection, lostShare, carriedShare }) =>
    `${projection}: ${percent(lostShare?.mean)} of the changes asked for store nothing, and ${percent(carriedShare?.mean)} of the learning arrives`,
  noise: ({ projection, signalToNoise, idealSignalToNoise, spreadRatio }) =>
    `${projection}: the changes spread ${digits(spreadRatio?.mean)} times as far as the rule asks for, at a signal-to-noise of ${digits(signalToNoise?.mean)} instead of ${digits(idealSignalToNoise?.mean)}`,
  bias: ({ projection, angleOfSumDegrees }) =>
    `${projection}: even summed over all samples the changes point ${degrees(angleOfSumDegrees)} away from what the rule asks for`,
  saturation: ({ projection, saturatedShare, saturatedShareAtFirst }) =>
    `${projection}: ${percent(saturatedShare.mean)} of the weights are saturated at an end of their range (${percent(saturatedShareAtFirst.mean)} at the start)`,
};

/** Whether the loss that there is to be explained can be seen at all. */
function standing(difference: ChipDifference | undefined, hasFindings: boolean): string[] {
  if (difference === undefined || difference.ci95 === null || !hasFindings) return [];
  const points = `${(100 * difference.mean).toFixed(1)} points`;
  if (difference.ci95[1] < 0) return [`It scores ${points} against ${difference.reference}.`];
  return [`What follows costs no accuracy that ${difference.n} seeds can show (${points} against ${difference.reference}).`];
}

/** The effect whose loss is largest among those that are sure; none where none is. */
function largestLoss(ablation: Ablation | undefined, remedies: ChipRemedies | undefined): string[] {
  const sure = (ablation?.effects ?? []).filter(({ delta }) => delta.ci95 !== null && delta.ci95[1] < 0);
  const [first] = sure.toSorted((a, b) => a.delta.mean - b.delta.mean);
  if (first === undefined) return [];
  const remedy = remedies?.effects[first.name];
  const { mean, ci95 } = first.delta;
  const interval = (ci95 ?? []).map(signedPoints).join(' to ');
  const loss = `The largest loss that is sure is by ${first.name}: ${signedPoints(mean)} points (95 % ${interval}).`;
  return [remedy === undefined ? loss : `${loss} Most likely remedy: ${remedy}.`];
}

/** `Stochastic rounding carries 71 % of the learning: nearest rounding keeps 29 %.` */
function alternativeInWords({ own, other, difference, kept }: AlternativeResult): string {
  if (kept === null) return `With ${own} nothing is learned, so ${other} cannot be compared.`;
  if (difference.ci95 === null) return `With one seed: ${other} in place of ${own} keeps ${percent(kept)} of the learning.`;
  const [lo, hi] = difference.ci95;
  if (hi < 0) {
    const stalls = kept < 0.5 ? `learning stalls with ${other}, which keeps` : `${other} keeps`;
    return `${capital(own)} carries ${percent(1 - kept)} of the learning: ${stalls} ${percent(kept)}.`;
  }
  if (lo > 0)
    return `${capital(own)} holds learning back: ${other} reaches ${percent(kept)} of what it learns. Most likely remedy: ${other}.`;
  return `${capital(own)} and ${other} cannot be told apart: the latter keeps ${percent(kept)} of the learning.`;
}

/** Changes that mostly store nothing and yet arrive on average: chance, or a register, makes up for what is under one level. */
function keptByChance(layer: DiagnosedLayer): string[] {
  const { projection, lostShare, carriedShare } = layer;
  if (hasNoise(layer) || (lostShare?.mean ?? 0) <= LIMITS.lost || (carriedShare?.mean ?? 0) < LIMITS.carried) return [];
  return [
    `${projection}: ${percent(lostShare?.mean)} of the changes asked for are under one level and store nothing, yet ${percent(carriedShare?.mean)} of the learning arrives in the others.`,
  ];
}

function gradientInWords(layers: readonly DiagnosedLayer[]): string[] {
  const known = layers.flatMap(({ projection, gradientDegrees }) =>
    gradientDegrees?.chip && gradientDegrees.ideal
      ? [`${projection} ${degrees(gradientDegrees.chip)} on the chip, ${degrees(gradientDegrees.ideal)} as the rule asks`]
      : [],
  );
  return known.length === 0 ? [] : [`Angle to the descent of back-propagation: ${known.join('; ')}.`];
}

const percent = (share: number | undefined): string => (share === undefined ? 'none' : `${Math.round(100 * share)} %`);
const digits = (value: number | undefined): string => (value === undefined ? 'none' : String(Number(value.toPrecision(2))));
const degrees = (figure: MeanOverSeeds | null): string => (figure === null ? 'none' : `${Math.round(figure.mean)}°`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
