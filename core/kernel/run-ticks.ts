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
import { arrivals, slotAt } from '../synapses/delay-ring.ts';
import { advancePopulation } from './advance.ts';
import { carryCounters } from './counters.ts';
import { deliverNothing, deliverSpikes, sendSpikes } from './deliver.ts';
import { letLook } from './hold.ts';
import { decayTraces, learnAtEpoch, learnOnPost, learnOnPre } from './learn.ts';
import type { Outbox } from './outbox.ts';
import { post } from './outbox.ts';
import type { Shard } from './shard.ts';

/** Runs a shard that is the whole network. @param afterTick called after every tick, for probes; who looks at the state says so (`letLook`) */
export function runTicks(shard: Shard, ticks: number, afterTick?: () => void): void {
  for (let n = 0; n < ticks; n++) {
    runTick(shard, true);
    afterTick?.();
  }
  letLook(shard);
}

/** Runs one shard of several for a stretch no longer than the smallest delay; its spikes go to the outbox, its own among them. */
export function runStretch(shard: Shard, ticks: number, box: Outbox, beat: () => void): void {
  let at = 0;
  for (let n = 0; n < ticks; n++) {
    runTick(shard, false);
    at = post(shard, box, n, at);
    beat();
  }
  letLook(shard);
}

function runTick(shard: Shard, sends: boolean): void {
  const { populations, projections, plastic, clock } = shard;
  const tick = ++clock[0];
  for (const projection of projections) {
    const { ring } = projection;
    if (projection.isPlastic) decayTraces(projection, tick);
    const slot = slotAt(tick, ring.slots.length);
    const arriving = arrivals(ring, slot);
    if (arriving === 0) {
      deliverNothing(projection);
      continue;
    }
    deliverSpikes(shard, projection, tick, slot, arriving);
    if (projection.isPlastic) learnOnPre(shard, projection, tick, ring.slots[slot], arriving);
    ring.counts[slot] = 0;
  }
  for (const population of populations) advancePopulation(shard, population, tick);
  if (sends) for (const projection of projections) sendSpikes(projection, tick);
  for (const projection of plastic) {
    learnOnPost(shard, projection, tick);
    learnAtEpoch(shard, projection, tick);
  }
  carryCounters(shard, tick);
}
