/**
 * Random numbers of Lava's learning engine, written down: one per epoch for each side and kind, one per tick for a post spike that is not the last of
 * its epoch. Lava's own come from seeded generators (rounding.ts); a recording brings its own.
 */

/** Arrays as Lava's recordings name them, [epoch] except the last, [tick]. */
export interface LavaTape {
  readonly x_decay: readonly number[];
  readonly x_impulse: readonly number[];
  readonly y_decay: readonly number[];
  readonly y_impulse: readonly number[];
  readonly weight_round: readonly number[];
  readonly post_multi_spike_impulse: readonly number[];
}

export const TAPE_NAMES = [
  'x_decay',
  'x_impulse',
  'y_decay',
  'y_impulse',
  'weight_round',
  'post_multi_spike_impulse',
] as const satisfies readonly (keyof LavaTape)[];
