/**
 * The verdict in words, computed from the results and no stronger than they are: a difference is stated as one only when its 95 % interval
 * leaves out zero, and energies are ranked only when their intervals do not overlap. Otherwise the sentence says "cannot be told apart".
 */
import { scoreName } from '../experiments/novelty-result.ts';
import type { ChipResult, ResultDocument } from '../experiments/result.ts';
import type { Difference } from './compare.ts';
import { judge, overlap, referenceOf, seedDifference } from './compare.ts';
import {
  formatEnergy,
  formatEnergyRange,
  formatNumber,
  formatPercent,
  formatPercentRange,
  formatPoints,
  formatPointsPlain,
  isFiniteNumber,
  joinWords,
  plural,
} from './format.ts';
import { sweepVerdict } from './panels/sweep.ts';

/** Sentences, most important first. */
export function verdict(document: ResultDocument): string[] {
  const { results, sweep } = document;
  if (sweep !== undefined) return sweepVerdict(sweep);
  if (results.length === 0) return ['No chip produced a result.'];
  return [...accuracySentences(results), ...energySentences(results), ...warningSentences(document)];
}

function accuracySentences(results: readonly ChipResult[]): string[] {
  const scored = results.filter((result) => isFiniteNumber(result.accuracy?.mean)).sort((a, b) => accuracyOf(b) - accuracyOf(a));
  if (scored.length === 0) return ['This scenario has no score, so the chips are not ranked.'];
  const best = scored[0];
  if (scored.length === 1) return [`${best.title} reaches ${withInterval(best)}.`];
  if (scored.every((result) => result.accuracy?.ci95 == null)) {
    return [
      `${best.title} scores highest with ${formatPercent(accuracyOf(best))}, but every chip ran with one seed only, so the chips cannot be told apart from seed-to-seed noise.`,
    ];
  }
  return [bestSentence(scored), ...lossSentences(scored)];
}

function bestSentence(scored: readonly ChipResult[]): string {
  const [best, ...others] = scored;
  const tied = others.filter((other) => judge(seedDifference(best, other)) === 'undecided');
  if (tied.length === 0) return `${best.title} reaches the highest ${scoreName(scored)}: ${withInterval(best)}.`;
  const names = joinWords([best, ...tied].map((result) => `${result.title} (${formatPercent(accuracyOf(result))})`));
  if (tied.length > 1) return `At the top, ${names} cannot be told apart with ${plural(best.accuracy?.n ?? 0, 'seed')}.`;
  const difference = seedDifference(best, tied[0]);
  return `At the top, ${names} cannot be told apart${difference ? `: they differ by ${differenceInWords(difference)}` : ''}.`;
}

function lossSentences(scored: readonly ChipResult[]): string[] {
  const reference = referenceOf(scored);
  if (!reference) return [];
  const losses = scored
    .filter((result) => result !== reference)
    .map((result) => ({ result, difference: seedDifference(result, reference) }))
    .filter((loss): loss is { result: ChipResult; difference: Difference } => loss.difference !== null)
    .sort((a, b) => a.difference.mean - b.difference.mean);
  if (losses.length === 0) return [];
  const worst = losses[0];
  const lost: Difference = negated(worst.difference);
  const sentence = `The largest loss against ${reference.title} is on ${worst.result.title}: ${differenceInWords(lost)}`;
  const real = losses.filter((loss) => judge(loss.difference) === 'lower');
  // The chip with the largest mean loss may have the widest interval: a smaller loss can then be the only one that is certain.
  if (judge(worst.difference) === 'lower') return [`${sentence}.`];
  if (real.length > 0) {
    const sure = real[0];
    return [
      `${sentence}, which cannot be told apart from zero; the largest loss that can is on ${sure.result.title}: ${differenceInWords(negated(sure.difference))}.`,
    ];
  }
  if (worst.difference.mean >= 0) return [`No chip scores below ${reference.title}.`];
  return [
    `No loss against ${reference.title} can be told apart from zero; the largest is on ${worst.result.title}: ${differenceInWords(lost)}.`,
  ];
}

function energySentences(results: readonly ChipResult[]): string[] {
  const priced = results
    .flatMap((result) => {
      const cost = result.energy.perUpdate;
      return cost && [cost.value, cost.lo, cost.hi].every(isFiniteNumber) ? [{ title: result.title, cost }] : [];
    })
    .sort((a, b) => a.cost.value - b.cost.value);
  if (priced.length === 0) return ['No chip in this run has an energy figure.'];
  const cheapest = priced[0];
  const inWords = ({ title, cost }: (typeof priced)[number]): string =>
    `${formatEnergy(cost.value)} (${formatEnergyRange(cost.lo, cost.hi)}) on ${title}`;
  if (priced.length === 1) return [`One synaptic update is estimated at ${inWords(cheapest)}, the only chip here with an energy figure.`];
  const dearest = priced[priced.length - 1];
  const start =
    priced.length === 2
      ? `One synaptic update is estimated at ${inWords(cheapest)} and ${inWords(dearest)}`
      : `One synaptic update is estimated at ${inWords(cheapest)} at the least and ${inWords(dearest)} at the most`;
  if (overlap(cheapest.cost, dearest.cost)) return [`${start}; the ranges overlap, so they cannot be told apart.`];
  if (cheapest.cost.value <= 0) return [`${start}.`];
  const factor = formatNumber(dearest.cost.value / cheapest.cost.value, 2);
  return [`${start}: ${cheapest.title} needs about ${factor} times less.`];
}

function warningSentences(document: ResultDocument): string[] {
  const failing = document.results.filter((result) => result.findings.some((finding) => finding.severity === 'error'));
  const sentences =
    failing.length === 0
      ? []
      : [
          `The design check reports errors for ${joinWords(failing.map((result) => result.title))}; read the findings before relying on those rows.`,
        ];
  return document.ok ? sentences : [...sentences, 'The run did not finish cleanly; read the warnings first.'];
}

function accuracyOf(result: ChipResult): number {
  return result.accuracy?.mean ?? Number.NaN;
}

/** `91.2 % (95 % interval 89.8 to 92.6 %, 5 seeds)`. */
function withInterval(result: ChipResult): string {
  const { accuracy } = result;
  if (!accuracy) return formatPercent(null);
  if (!accuracy.ci95) return `${formatPercent(accuracy.mean)} (${plural(accuracy.n, 'seed')}, so no interval)`;
  return `${formatPercent(accuracy.mean)} (95 % interval ${formatPercentRange(accuracy.ci95)}, ${plural(accuracy.n, 'seed')})`;
}

/** `3.1 points (95 % interval 2.0 to 4.2, 5 paired seeds)`. */
function differenceInWords({ mean, ci95, n }: Difference): string {
  const interval = ci95 ? `95 % interval ${formatPointsPlain(ci95[0])} to ${formatPointsPlain(ci95[1])}, ` : '';
  return `${formatPointsPlain(mean)} points (${interval}${plural(n, 'paired seed')})`;
}

function negated({ mean, ci95, n }: Difference): Difference {
  return { mean: -mean, ci95: ci95 ? [-ci95[1], -ci95[0]] : null, n };
}

/** For the table: `−3.1 points`, with the judgement in words. */
export function differenceCell(difference: Difference | null): { text: string; interval: string; judgement: string } {
  if (!difference) return { text: formatPoints(null), interval: '', judgement: '' };
  const { ci95, n } = difference;
  const words = { higher: 'higher', lower: 'lower', undecided: n < 2 ? 'one seed' : 'not told apart' }[judge(difference)];
  return {
    text: formatPoints(difference.mean),
    interval: ci95 ? `${formatPoints(ci95[0])} to ${formatPoints(ci95[1])}` : '',
    judgement: words,
  };
}
