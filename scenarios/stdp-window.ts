/**
 * The STDP window, measured: one synapse per time difference and repeat, one pre and one post spike each, and the weight change that is left.
 * On the ideal chip it is the rule's closed form; on the others it shows rounding, resolution, asymmetry and noise.
 */
import type { Scenario } from 'hillock';

/** Largest time difference in ticks, and synapses per difference. */
const RANGE = 60;
const REPEATS = 20;
/** Ticks before the earlier spike of each pair. */
const LEAD = 10;

export const stdpWindow: Scenario = {
  name: 'stdp-window',
  summary: 'weight change against spike time difference, measured on each chip',
  data: 'none',
  rule: 'pair-stdp',
  build() {
    const deltaTicks = Array.from({ length: 2 * RANGE + 1 }, (_, n) => n - RANGE);
    const pairs = deltaTicks.flatMap((delta) => new Array<number>(REPEATS).fill(delta));
    const neurons = pairs.map((_, n) => n);
    const at = (ticks: readonly number[]): string[] => ticks.map((tick) => `${tick} ms`);
    const post = {
      model: 'lif',
      tauMem: '10 ms',
      vThreshold: 1,
    };
    return {
      name: 'stdp-window',
      title: 'STDP window',
      summary: `one spike pair per synapse, time differences of -${RANGE}…${RANGE} ms, ${REPEATS} synapses each`,
      network: {
        dt: '1 ms',
        populations: [
          { name: 'pre', size: pairs.length, source: 'replay', times: at(pairs.map((delta) => LEAD + Math.max(0, -delta))), neurons },
          { name: 'teacher', size: pairs.length, source: 'replay', times: at(pairs.map((delta) => LEAD + Math.max(0, delta))), neurons },
          { name: 'post', size: pairs.length, ...post },
        ],
        projections: [
          { name: 'pre-post', pre: 'pre', post: 'post', connect: 'one-to-one', weight: 0.5, delay: '1 ms' },
          { name: 'teacher-post', pre: 'teacher', post: 'post', connect: 'one-to-one', weight: 2, delay: '1 ms' },
        ],
      },
      task: { kind: 'stdp-window', input: 'pre', teacher: 'teacher', plastic: 'pre-post', deltaTicks, repeats: REPEATS },
    };
  },
};
