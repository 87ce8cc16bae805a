/**
 * The tick, in order. Ticks are numbered from 1.
 *
 *   decay      traces of all plastic projections decay by one tick
 *   deliver    spikes that arrive add their weights to the input ports
 *   onPre      rules run for the synapses a spike arrived on; then the pre traces take their impulse
 *   advance    neurons take their input; those above threshold fire
 *   send       spikes enter the delay rings
 *   onPost     rules run for the synapses of neurons that fired; then the post traces take their impulse
 *   epoch      rules with a learning epoch sweep all their synapses at its end
 */
import { advancePopulation } from './advance.ts';
import { deliverSpikes, sendSpikes } from './deliver.ts';
import { decayTraces, learnAtEpoch, learnOnPost, learnOnPre } from './learn.ts';
import type { Shard } from './shard.ts';

/** @param afterTick called after every tick, for probes */
export function runTicks(shard: Shard, ticks: number, afterTick?: (shard: Shard) => void): void {
  const { populations, projections, clock } = shard;
  for (let n = 0; n < ticks; n++) {
    clock[0] = ++shard.tick;
    for (const projection of projections) {
      decayTraces(shard, projection);
      deliverSpikes(shard, projection);
      learnOnPre(shard, projection);
    }
    for (const population of populations) advancePopulation(shard, population);
    for (const projection of projections) {
      sendSpikes(shard, projection);
      learnOnPost(shard, projection);
      learnAtEpoch(shard, projection);
    }
    afterTick?.(shard);
  }
}
