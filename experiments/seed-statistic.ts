/** Figures of several seeds put together. */
import type { SeedStatistic } from './result.ts';
import { mean, meanWithCi } from './statistics.ts';

/** One value per seed; null as soon as a seed has none. */
export function statisticOf(values: readonly (number | null)[]): SeedStatistic | null {
  const perSeed = values.filter((value) => value !== null);
  if (perSeed.length < values.length || perSeed.length === 0) return null;
  const { mean: centre, ci95, n } = meanWithCi(perSeed);
  return { mean: centre, ci95, n, perSeed };
}

/** Of shares: with few seeds Student's interval can leave their range. */
export function shareStatistic(values: readonly (number | null)[]): SeedStatistic | null {
  const found = statisticOf(values);
  if (found === null || found.ci95 === null) return found;
  return { ...found, ci95: [Math.max(0, found.ci95[0]), Math.min(1, found.ci95[1])] };
}

/** Null where one has no value, or there is none. */
export function averageOrNull(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null);
  return given.length < values.length || given.length === 0 ? null : mean(given);
}
