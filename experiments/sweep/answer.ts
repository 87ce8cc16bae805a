/**
 * The answer that a row of settings gives, and how sure it is. Every setting is compared with the reference seed by seed; it is within the tolerance
 * when the whole 95 % interval of the difference is, beyond it when no part of the interval is, and otherwise these seeds cannot tell.
 */
import { pointsWithInterval } from '../points-text.ts';
import type { AnswerPoint, MeanOverSeeds, SettingResult } from '../result.ts';
import type { QuestionScenario } from '../scenario.ts';
import { holmCorrected, pairedDifference } from '../statistics.ts';

export interface Asked extends Pick<QuestionScenario, 'wanted' | 'tolerance'> {
  /** What a value is called: `levels`. */
  readonly noun: string;
  readonly reference: SettingResult;
  /** With their values, in rising order where they are numbers. */
  readonly settings: readonly { readonly value: string; readonly result: SettingResult }[];
}

export interface Found {
  readonly points: readonly AnswerPoint[];
  readonly threshold: string | null;
  readonly words: string;
}

export function answerOf(asked: Asked): Found {
  const points = asked.settings.map(({ value, result }) => pointOf(value, result, asked));
  return asked.wanted === 'best' ? { points, ...bestOf(asked, points) } : { points, ...thresholdOf(asked, points) };
}

function pointOf(value: string, { accuracy }: SettingResult, { reference, tolerance }: Asked): AnswerPoint {
  const paired = differenceOf(accuracy, reference.accuracy);
  const [lo, hi] = paired?.ci95 ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const verdict = lo >= -tolerance ? 'within' : hi < -tolerance ? 'beyond' : 'open';
  return { value, accuracy, difference: paired && { mean: paired.mean, ci95: paired.ci95 }, verdict };
}

type Scores = SettingResult['accuracy'];

const differenceOf = (a: Scores, b: Scores): ReturnType<typeof pairedDifference> | null =>
  a === null || b === null ? null : pairedDifference(a.perSeed, b.perSeed);

/** The value nearest to the end that is asked for which is within, with none beyond it that is not. */
function thresholdOf({ wanted, noun, reference, tolerance }: Asked, points: readonly AnswerPoint[]): Omit<Found, 'points'> {
  // from the harmless end to the harmful one
  const order = wanted === 'least' ? [...points].reverse() : points;
  const firstBeyond = order.findIndex(({ verdict }) => verdict === 'beyond');
  const harmless = firstBeyond < 0 ? order : order.slice(0, firstBeyond);
  const last = harmless.findLast(({ verdict }) => verdict === 'within');
  const open = points.filter((point) => harmless.indexOf(point) > (last === undefined ? -1 : harmless.indexOf(last)));
  const seeds = `${reference.seeds.length} seed${reference.seeds.length === 1 ? '' : 's'}`;
  const limit = `${pointsText(tolerance)} points of ${reference.chip}`;
  const cannot = open.length === 0 ? '' : `; ${seeds} cannot say for ${listed(open)}`;
  const beyond = firstBeyond < 0 ? undefined : order[firstBeyond];
  const loss =
    beyond === undefined ? '' : `; ${beyond.value} ${beyond.value === '1' ? 'is' : 'are'} not: ${changeText(beyond.difference)} points`;
  if (last !== undefined) {
    const end = wanted === 'least' ? 'are enough' : 'can be borne';
    const all = beyond === undefined && open.length === 0 ? `, the ${wanted} that was tried` : '';
    return {
      threshold: last.value,
      words: `${last.value} ${noun} ${end}${all}: ${changeText(last.difference)} points, within ${limit}${loss}${cannot}.`,
    };
  }
  const why = reference.seeds.length < 2 ? 'one seed has no interval: give --seeds 3 or more' : `no value is surely within ${limit}`;
  return { threshold: null, words: `No answer: ${why}${loss}${open.length === 0 || reference.seeds.length < 2 ? '' : cannot}.` };
}

/** Highest mean accuracy; those that the seeds cannot tell from it, by paired tests with Holm's correction; and which of these costs least. */
function bestOf({ settings, reference }: Asked, points: readonly AnswerPoint[]): Omit<Found, 'points'> {
  const scored = settings.filter(({ result }) => result.accuracy !== null);
  if (scored.length === 0) return { threshold: null, words: 'No answer: nothing has a score.' };
  const mean = ({ result }: (typeof scored)[number]): number => result.accuracy?.mean ?? 0;
  const best = scored.reduce((a, b) => (mean(b) > mean(a) ? b : a));
  const others = scored.filter((one) => one !== best);
  const tests = others.map(({ result }) => differenceOf(result.accuracy, best.result.accuracy));
  const corrected = holmCorrected(tests.map((test) => test?.pValue ?? null));
  const tied = others.filter((_, n) => {
    const [test, p] = [tests[n], corrected[n]];
    return p === null ? test?.sd === null || test?.mean === 0 : p >= 0.05;
  });
  const among = [best, ...tied].filter(({ result }) => result.energyPerUpdate !== null);
  const joules = ({ result }: (typeof scored)[number]): number => result.energyPerUpdate?.value ?? 0;
  const cheapest = among.length === 0 ? undefined : among.reduce((a, b) => (joules(b) < joules(a) ? b : a));
  const point = points.find(({ value }) => value === best.value);
  const against = point?.difference ? `, ${changeText(point.difference)} points against ${reference.chip}` : '';
  const seeds = `${reference.seeds.length} seed${reference.seeds.length === 1 ? '' : 's'}`;
  return {
    threshold: best.value,
    words: [
      `${best.value} scores highest with ${mean(best).toFixed(3)}${against}`,
      ...(tied.length === 0 ? [] : [`; ${seeds} cannot tell ${listed(tied)} from it`]),
      ...(cheapest === undefined || among.length < 2 ? [] : [`; of these ${cheapest.value} takes the least energy per update`]),
      '.',
    ].join(''),
  };
}

const listed = (of: readonly { readonly value: string }[]): string => of.map(({ value }) => value).join(', ');

const pointsText = (share: number): string => String(Number((100 * share).toFixed(2)));

const changeText = (change: MeanOverSeeds | null): string => (change === null ? 'no' : pointsWithInterval(change));
