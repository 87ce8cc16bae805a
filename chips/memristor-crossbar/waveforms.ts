/**
 * STDP by the shapes of spikes. Every spike puts a waveform on its line: a head of constant voltage and width, then a tail of the other sign that
 * decays. The cell sees the difference of both lines. No spike alone passes the write threshold; where the head of one meets the tail of the
 * other, the excess over the threshold writes (Zamarreño-Ramos et al., Frontiers in Neuroscience 5:26, 2011). Tails restart at each spike.
 *
 *   post head on pre tail, lag Δ = post - pre > 0      up
 *   pre head on post tail, Δ < 0                       down
 *   dose = ∫ max(0, head + tail·exp(-t/tau) - threshold) dt over the head
 *
 * In the language of rules the tail is a trace: with x1 the pre trace at the post spike, the excess at the start of the head is
 * head - threshold + tail·x1. `overlapRule` writes that down, exactly where the excess does not change sign within the head.
 */
import { exp, log } from '../../core/program/elementary.ts';

export interface SpikeWaveform {
  readonly headVolts: number;
  readonly headSeconds: number;
  readonly tailVolts: number;
  readonly tailSeconds: number;
}

export interface Overlap {
  /** Waveform of pre and of post spikes, and the voltage below which the cell does not move. */
  readonly pre: SpikeWaveform;
  readonly post: SpikeWaveform;
  readonly threshold: number;
}

/** Volt seconds above the threshold when a head meets a tail of the given age; 0 where it stays below. */
export function overlapDose(head: SpikeWaveform, tail: SpikeWaveform, threshold: number, age: number): number {
  const gap = threshold - head.headVolts;
  const level = tail.tailVolts * exp(-age / tail.tailSeconds);
  if (level <= gap) return 0;
  // above the threshold until the tail has fallen to the gap, or to the end of the head
  const last = gap <= 0 ? head.headSeconds : Math.min(head.headSeconds, tail.tailSeconds * log(level / gap));
  return level * tail.tailSeconds * (1 - exp(-last / tail.tailSeconds)) - gap * last;
}

/**
 * Signed dose of one pair of spikes, volt seconds. A tail begins when its own head has ended; while heads lie on each other they cancel, so of a head
 * only what reaches beyond the other counts. @param lag post - pre in seconds
 */
export function pairDose({ pre, post, threshold }: Overlap, lag: number): number {
  const [preTail, postTail] = [pre.headSeconds, lag + post.headSeconds];
  const [upFrom, downFrom] = [Math.max(lag, preTail), Math.max(0, postTail)];
  const up = { ...post, headSeconds: Math.max(0, postTail - upFrom) };
  const down = { ...pre, headSeconds: Math.max(0, preTail - downFrom) };
  return overlapDose(up, pre, threshold, upFrom - preTail) - overlapDose(down, post, threshold, downFrom - postTail);
}

/**
 * The rule that the waveforms make: text and traces as `rule()` takes them. @param gain weight per volt second, e.g. the weight step of a
 * pulse over its own excess, step/((write voltage - threshold)·width)
 */
export function overlapRule({ pre, post, threshold }: Overlap, gain: number, bounds: readonly [number, number]) {
  const side = (head: SpikeWaveform, tail: SpikeWaveform): { level: number; rest: number } => ({
    // the tail that a trace stands for began one head after its spike
    level:
      gain * tail.tailVolts * tail.tailSeconds * (1 - exp(-head.headSeconds / tail.tailSeconds)) * exp(tail.headSeconds / tail.tailSeconds),
    rest: gain * (head.headVolts - threshold) * head.headSeconds,
  });
  const [up, down] = [side(post, pre), side(pre, post)];
  return {
    name: 'overlap-stdp',
    summary: 'STDP by the overlap of spike waveforms',
    citation: 'Zamarreño-Ramos et al., Frontiers in Neuroscience 5:26, 2011',
    parameters: { up: up.level, upRest: up.rest, down: down.level, downRest: down.rest },
    traces: {
      x1: { on: 'pre', tau: `${pre.tailSeconds} s`, pairing: 'nearest' },
      y1: { on: 'post', tau: `${post.tailSeconds} s`, pairing: 'nearest' },
    },
    onPre: 'w -= max(0, downRest + down * y1)',
    onPost: 'w += max(0, upRest + up * x1)',
    bounds,
  } as const;
}
