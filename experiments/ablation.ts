/**
 * Why a chip scores otherwise than the ideal one: its effects switched on one after another, on the same seeds and data, so that the changes of
 * accuracy add up to the whole difference. What all effects off still differ from the ideal chip stands first, as `rest`.
 *
 * The order decides what an effect is charged with where effects need each other. `both` also asks what each does alone, and what the whole chip
 * does without it; `shapley` takes the mean over orders (Shapley, "A value for n-person games", 1953): all of them where they are few, else random
 * ones, each with its reverse.
 */
import type { ChipEffect } from '../core/chip-effects.ts';
import { shuffledIndices, streamOf } from '../core/random.ts';
import type { Ablation, AblationMode, MeanOverSeeds } from './result.ts';
import { meanWithCi } from './statistics.ts';

/** Which effects are on: bit k for the k-th. */
export type EffectSet = number;

/** Orders of the Shapley mean; with up to three effects there are no more than that. */
const ORDERS = 8;

export const REST = { name: 'rest', meaning: 'what is left of the difference to the ideal chip when every effect is off' } as const;

const fullSet = (effects: number): EffectSet => 2 ** effects - 1;

/** Orders in which the effects are switched on, as their numbers. */
export function ablationOrders(effects: number, mode: AblationMode, seed: number): number[][] {
  const stated = Array.from({ length: effects }, (_, k) => k);
  if (mode !== 'shapley') return [stated];
  if (factorial(effects) <= ORDERS) return permutations(stated);
  return Array.from({ length: ORDERS / 2 }, (_, n) => [...shuffledIndices(seed, streamOf(`ablation/${n}`), effects)]).flatMap((order) => [
    order,
    order.toReversed(),
  ]);
}

/** Every set of effects whose accuracy the mode needs, the whole chip left out; each once, ascending. */
export function setsToRun(effects: number, mode: AblationMode, seed: number): EffectSet[] {
  const sets = new Set(ablationOrders(effects, mode, seed).flatMap(prefixes));
  if (mode === 'both') {
    for (let k = 0; k < effects; k++) {
      sets.add(2 ** k);
      sets.add(fullSet(effects) - 2 ** k);
    }
  }
  sets.delete(fullSet(effects));
  return [...sets].sort((a, b) => a - b);
}

/**
 * @param accuracyOf accuracies by seed of the chip with these effects on, for every set of `setsToRun` and the whole chip
 * @param reference accuracies by seed of the ideal chip
 */
export function ablationOf(
  effects: readonly ChipEffect[],
  mode: AblationMode,
  seed: number,
  accuracyOf: (on: EffectSet) => readonly number[],
  reference: readonly number[],
): Ablation {
  const full = fullSet(effects.length);
  const orders = ablationOrders(effects.length, mode, seed);
  const change = (from: readonly number[], to: readonly number[]): number[] => to.map((value, n) => value - from[n]);
  const deltaOf = (k: number): number[] => {
    const changes = orders.map((order) => {
      const before = setOf(order.slice(0, order.indexOf(k)));
      return change(accuracyOf(before), accuracyOf(before + 2 ** k));
    });
    return reference.map((_, n) => changes.reduce((sum, one) => sum + one[n], 0) / changes.length);
  };
  return {
    reference: 'ideal',
    mode,
    orders: orders.length,
    total: statistic(change(reference, accuracyOf(full))),
    effects: [
      { ...REST, ...bar(change(reference, accuracyOf(0))) },
      ...effects.map(({ name, meaning }, k) => ({
        name,
        meaning,
        ...bar(deltaOf(k)),
        ...(mode === 'both'
          ? {
              alone: statistic(change(accuracyOf(0), accuracyOf(2 ** k))),
              lastOn: statistic(change(accuracyOf(full - 2 ** k), accuracyOf(full))),
            }
          : {}),
      })),
    ],
  };
}

const setOf = (list: readonly number[]): EffectSet => list.reduce((set, k) => set + 2 ** k, 0);

const prefixes = (order: readonly number[]): EffectSet[] => Array.from({ length: order.length + 1 }, (_, n) => setOf(order.slice(0, n)));

function statistic(perSeed: readonly number[]): MeanOverSeeds {
  const { mean, ci95 } = meanWithCi(perSeed);
  return { mean, ci95 };
}

const bar = (perSeed: readonly number[]): { delta: MeanOverSeeds; n: number; perSeed: readonly number[] } => ({
  delta: statistic(perSeed),
  n: perSeed.length,
  perSeed,
});

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

function permutations(list: readonly number[]): number[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first) => permutations(list.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}
