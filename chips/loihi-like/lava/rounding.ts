/**
 * Where the random numbers of the learning engine come from. Lava draws one number per side and epoch for all traces, and one for all weights,
 * tags and delays of a connection; a chip rounds each value by itself. The modes:
 *
 *   tape          numbers that were written down: one per epoch, one per tick for a post spike that is not the last of its epoch
 *   lava-stream   the same numbers from Lava's own generators (PCG64) and a seed; the weights' generator has the seed 2, whatever is asked for
 *   constant      the same number every time
 *   independent   a number of its own for every value, seeded
 *   nearest       halves down; of impulses, halves up
 *   never-up      always down
 */
import { integerAt, streamOf, uniformAt } from '../../../core/random.ts';
import type { Pcg64 } from '../pcg64.ts';
import { pcg64 } from '../pcg64.ts';
import type { LavaTape } from './tape.ts';

export type Side = 'pre' | 'post';

export type LavaRounding =
  | { readonly mode: 'tape'; readonly tape: LavaTape }
  | { readonly mode: 'lava-stream'; readonly seed: number }
  | { readonly mode: 'constant'; readonly decay: number; readonly impulse: number; readonly weight: number }
  | { readonly mode: 'independent'; readonly seed: number }
  | { readonly mode: 'nearest' }
  | { readonly mode: 'never-up' };

/** Uniform numbers in [0, 1), and whole numbers that are compared with an impulse's fraction in 1/256. `epoch` counts from 0, `tick` from 1. */
export interface LavaDraws {
  /** @param site tells the traces of a neuron and the ticks of an epoch apart, where draws are not shared */
  decay(side: Side, epoch: number, item: number, site: number): number;
  impulse(side: Side, epoch: number, item: number, site: number): number;
  /** For the impulse of a spike that is followed by another one in its epoch; for pre spikes Lava has 0, which rounds up whenever it can. */
  earlierImpulse(side: Side, tick: number, item: number, site: number): number;
  round(epoch: number, target: number, synapse: number): number;
  /** Called once per tick, before anything is drawn. */
  advance(): void;
}

/** Above every fraction in 1/256. */
const NEVER = 257;

export function lavaDraws(rounding: LavaRounding): LavaDraws {
  switch (rounding.mode) {
    case 'tape':
      return tapeDraws(rounding.tape);
    case 'lava-stream':
      return streamDraws(rounding.seed);
    case 'constant':
      return constantDraws(rounding.decay, rounding.impulse, rounding.weight, 0);
    case 'independent':
      return independentDraws(rounding.seed);
    case 'nearest':
      return constantDraws(0.5, 127, 0.5, 127);
    case 'never-up':
      return constantDraws(1, NEVER, 1, NEVER);
  }
}

function constantDraws(decay: number, impulse: number, weight: number, earlierPre: number): LavaDraws {
  return {
    decay: () => decay,
    impulse: () => impulse,
    earlierImpulse: (side) => (side === 'pre' ? earlierPre : impulse),
    round: () => weight,
    advance: () => {},
  };
}

function tapeDraws(tape: LavaTape): LavaDraws {
  return {
    decay: (side, epoch) => (side === 'pre' ? tape.x_decay : tape.y_decay)[epoch],
    impulse: (side, epoch) => (side === 'pre' ? tape.x_impulse : tape.y_impulse)[epoch],
    earlierImpulse: (side, tick) => (side === 'pre' ? 0 : tape.post_multi_spike_impulse[tick - 1]),
    round: (epoch) => tape.weight_round[epoch],
    advance: () => {},
  };
}

/** Lava's weights are rounded with this seed, whatever `rng_seed` says. */
const WEIGHT_SEED = 2;

/**
 * Every generator draws once when it is made. Those of the traces draw twice a tick, after the pre spikes and after the post spikes; that of the
 * weights once an epoch.
 */
function streamDraws(seed: number): LavaDraws {
  const uniform = (offset: number): (() => number) => drawn(pcg64(seed + offset), (generator) => generator.random());
  const whole = (offset: number): (() => number) => drawn(pcg64(seed + offset), (generator) => generator.integer128());
  const next = { xDecay: uniform(0), xImpulse: whole(1), yDecay: uniform(2), yImpulse: whole(3) };
  const weights = drawn(pcg64(WEIGHT_SEED), (generator) => generator.random());
  const weightDraws: number[] = [];
  let held = { xDecay: 0, xImpulse: 0, yDecay: 0, yImpulse: 0 };
  let earlier = 0;
  return {
    decay: (side) => (side === 'pre' ? held.xDecay : held.yDecay),
    impulse: (side) => (side === 'pre' ? held.xImpulse : held.yImpulse),
    earlierImpulse: (side) => (side === 'pre' ? 0 : earlier),
    round: (epoch) => {
      while (weightDraws.length <= epoch) weightDraws.push(weights());
      return weightDraws[epoch];
    },
    advance: () => {
      const step = (): typeof held => ({
        xDecay: next.xDecay(),
        xImpulse: next.xImpulse(),
        yDecay: next.yDecay(),
        yImpulse: next.yImpulse(),
      });
      earlier = step().yImpulse;
      held = step();
    },
  };
}

/** The numbers that Lava's generators give a connection in so many ticks, as a tape. @param epoch ticks of a learning epoch */
export function lavaTape(seed: number, ticks: number, epoch: number): LavaTape {
  const draws = streamDraws(seed);
  const tape = {
    x_decay: [] as number[],
    x_impulse: [] as number[],
    y_decay: [] as number[],
    y_impulse: [] as number[],
    weight_round: [] as number[],
    post_multi_spike_impulse: [] as number[],
  };
  for (let tick = 1; tick <= ticks; tick++) {
    draws.advance();
    tape.post_multi_spike_impulse.push(draws.earlierImpulse('post', tick, 0, 0));
    if (tick % epoch !== 0) continue;
    const nth = tick / epoch - 1;
    tape.x_decay.push(draws.decay('pre', nth, 0, 0));
    tape.x_impulse.push(draws.impulse('pre', nth, 0, 0));
    tape.y_decay.push(draws.decay('post', nth, 0, 0));
    tape.y_impulse.push(draws.impulse('post', nth, 0, 0));
    tape.weight_round.push(draws.round(nth, 0, 0));
  }
  return tape;
}

/** A generator whose first number is spent. */
function drawn(generator: Pcg64, draw: (generator: Pcg64) => number): () => number {
  draw(generator);
  return () => draw(generator);
}

/** Impulses are compared 8 bits with 8 bits here, so that a fraction is rounded up as often as it says. */
function independentDraws(seed: number): LavaDraws {
  const stream = (name: string): number => streamOf(`lava reference/${name}`);
  const streams = { pre: stream('pre'), post: stream('post'), impulsePre: stream('impulse/pre'), impulsePost: stream('impulse/post') };
  const [earlierPre, earlierPost, weights] = [stream('earlier/pre'), stream('earlier/post'), stream('synapses')];
  return {
    decay: (side, epoch, item, site) => uniformAt(seed, streams[side], item, epoch, site),
    impulse: (side, epoch, item, site) =>
      integerAt(seed, side === 'pre' ? streams.impulsePre : streams.impulsePost, item, epoch, 256, site),
    earlierImpulse: (side, tick, item, site) => integerAt(seed, side === 'pre' ? earlierPre : earlierPost, item, tick, 256, site),
    round: (epoch, target, synapse) => uniformAt(seed, weights, synapse, epoch, target),
    advance: () => {},
  };
}
