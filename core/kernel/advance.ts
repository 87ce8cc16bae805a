/** Neurons: take the input of this tick, fire, compete, reset. Sources: spikes from outside. */
import type { Kernel } from '../program/kernel.ts';
import { holdsSome, listFired, saveHeld, usesList } from './hold.ts';
import { nextSpikes } from './played-source.ts';
import { afterAdvance, beforeAdvance, isAtRest } from './rest.ts';
import type { Shard } from './shard.ts';
import { NEURON_SPIKES, NEURON_UPDATES } from './shard-events.ts';
import type { ShardPopulation } from './shard-population.ts';

export function advancePopulation(shard: Shard, population: ShardPopulation, tick: number): void {
  const { fire, reset, fired, size, accumulators, clearsPorts, spikeCounts, plan, rest } = population;
  if (fire === undefined) replaySpikes(population, tick);
  else if (rest !== undefined) {
    if (isAtRest(rest)) population.firedCount[0] = 0;
    else {
      const before = beforeAdvance(rest);
      population.firedCount[0] = fireFor(population, fire, tick).run(0, size, tick, fired);
      const holds = population.hold !== undefined && holdsSome(population.hold);
      afterAdvance(rest, before, holds || population.firedCount[0] > 0);
    }
  } else {
    population.firedCount[0] = fireFor(population, fire, tick).run(0, size, tick, fired);
    if (population.competition !== undefined && population.firedCount[0] > 0) compete(population, population.competition, tick);
  }
  if (plan.source === undefined) shard.events[NEURON_UPDATES] += size;
  const count = population.firedCount[0];
  if (count > 0) {
    population.payload?.run(fired, count, tick);
    reset?.run(fired, count, tick);
    for (let c = 0; c < count; c++) spikeCounts[fired[c]]++;
    if (population.hold !== undefined) listFired(population.hold, fired, count, tick);
    shard.events[NEURON_SPIKES] += count;
  }
  if (!clearsPorts) for (const port of accumulators) port.fill(0);
}

const fireFor = ({ hold }: ShardPopulation, plain: Kernel, tick: number): Kernel =>
  hold !== undefined && usesList(hold, tick) ? hold.fire : plain;

/** Winner-take-all: the candidate farthest above its threshold fires (the first of equals); every other neuron loses. */
function compete(
  population: ShardPopulation,
  { score, scores, lose, others }: NonNullable<ShardPopulation['competition']>,
  tick: number,
): void {
  const { fired, size } = population;
  score.run(fired, population.firedCount[0], tick);
  let winner = fired[0];
  for (let c = 1; c < population.firedCount[0]; c++) if (scores[fired[c]] > scores[winner]) winner = fired[c];
  let n = 0;
  for (let i = 0; i < size; i++) if (i !== winner) others[n++] = i;
  lose.run(others, n, tick);
  if (population.hold !== undefined) saveHeld(population.hold);
  fired[0] = winner;
  population.firedCount[0] = 1;
}

function replaySpikes(population: ShardPopulation, tick: number): void {
  const { source } = population.plan;
  population.firedCount[0] = population.played === undefined ? 0 : nextSpikes(population.played, tick, population.fired);
  if (source?.kind !== 'replay') return;
  const { ticks, neurons, payloads } = source;
  while (population.replayAt < ticks.length && ticks[population.replayAt] <= tick) {
    if (ticks[population.replayAt] === tick) {
      population.fired[population.firedCount[0]++] = neurons[population.replayAt];
      if (payloads !== undefined && population.payloads !== undefined)
        population.payloads[neurons[population.replayAt]] = payloads[population.replayAt];
    }
    population.replayAt++;
  }
}
