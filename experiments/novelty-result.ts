/** Gathers the runs of one chip on anomaly detection. */
import { histogramOf } from './histogram.ts';
import type { RunOutcome } from './outcome.ts';
import type { ChipResult, NoveltyFigures, NoveltyStatistics } from './result.ts';
import { averageOrNull, shareStatistic, statisticOf } from './seed-statistic.ts';

/** What the figure in the place of an accuracy is. */
export const scoreName = (results: readonly Pick<ChipResult, 'novelty'>[]): string =>
  results.some(({ novelty }) => novelty !== undefined) ? 'area under the curve' : 'accuracy';

const SCORE_BINS = 40;

/** @param runs for each seed the runs on all its sets of devices */
export function noveltyResult(runs: readonly (readonly RunOutcome[])[]): Pick<ChipResult, 'novelty'> {
  const bySeed = runs.map((list) => list.flatMap(({ novelty }) => novelty ?? []));
  const all = bySeed.flat();
  if (all.length === 0) return {};
  const perSeed = (when: 'before' | 'after', figure: keyof NoveltyFigures): (number | null)[] =>
    bySeed.map((list) => averageOrNull(list.map((one) => one[when][figure])));
  const statistics = (when: 'before' | 'after'): NoveltyStatistics => ({
    area: shareStatistic(perSeed(when, 'area')),
    known: statisticOf(perSeed(when, 'known')),
    novel: statisticOf(perSeed(when, 'novel')),
    squaredError: statisticOf(perSeed(when, 'squaredError')),
  });
  const [known, novel] = [all.flatMap(({ scores }) => scores.known), all.flatMap(({ scores }) => scores.novel)];
  const high = [...known, ...novel].reduce((most, score) => Math.max(most, score), 1);
  const first = all[0];
  return {
    novelty: {
      heldOut: bySeed.map(([{ heldOut }]) => heldOut),
      images: { known: first.scores.known.length, novel: first.scores.novel.length },
      before: statistics('before'),
      after: statistics('after'),
      scores: {
        edges: Array.from({ length: SCORE_BINS + 1 }, (_, n) => (high * n) / SCORE_BINS),
        known: histogramOf(known, 0, high, SCORE_BINS),
        novel: histogramOf(novel, 0, high, SCORE_BINS),
      },
      pictures: first.pictures,
    },
  };
}
