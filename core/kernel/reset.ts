/** Beginnings within a run: the next sample finds a network at rest, or a clock signal starts traces again. */
import type { LoweredVariable } from '../chip-contract.ts';
import { clearRing } from '../synapses/delay-ring.ts';
import { forgetSpikes } from './epoch.ts';
import { forgetHeld } from './hold.ts';
import type { ShardProjection } from './projection-shape.ts';
import { forgetReplay, settleProjection } from './replay.ts';
import { wake } from './rest.ts';
import type { Shard } from './shard.ts';
import { fillInitial } from './shard-population.ts';

/** Membranes, ports, traces, spikes on their way and transient synapse variables take their initial values. Weights, tunable parameters and time go on. */
export function resetShard(shard: Shard): void {
  for (const population of shard.populations) {
    const { state } = shard.plan.network.populations.find(({ name }) => name === population.plan.name)?.model ?? { state: {} };
    for (const { name, initial } of population.lowered) {
      const array = population.variables.get(name);
      if (array !== undefined && name in state) fillInitial(array, initial);
    }
    for (const port of population.accumulators) port.fill(0);
    if (population.rest !== undefined) wake(population.rest);
    if (population.hold !== undefined) forgetHeld(population.hold);
    population.firedCount[0] = 0;
  }
  for (const projection of shard.projections) {
    const { ring, plan, variables } = projection;
    clearRing(ring);
    clearTraces(shard, projection);
    for (const name of plan.lowered.transient) {
      const array = variables.get(name);
      const lowered = plan.lowered.variables.find((variable): variable is LoweredVariable => variable.name === name);
      if (array !== undefined && lowered !== undefined) fillInitial(array, lowered.initial);
    }
  }
}

/** Learns what is still waiting, then sets all traces to their start. */
export function clearTraces(shard: Shard, projection: ShardProjection): void {
  const { traces, plan, epoch, replay } = projection;
  settleProjection(shard, projection);
  if (replay !== undefined) forgetReplay(replay, shard.tick);
  if (epoch !== undefined) forgetSpikes(epoch);
  traces.forEach((trace, n) => {
    fillInitial(trace.values, plan.lowered.traces[n].variable.initial);
  });
}
