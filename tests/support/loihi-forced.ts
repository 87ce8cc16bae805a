/** Spikes of both sides, tick by tick, on plastic synapses of the Loihi-like chip, through the kernel. */
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../../chips/loihi-like/switches.ts';
import type { NetworkBuilder } from '../../core/network/builder.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { replay } from '../../core/network/read-population.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { RuleOptions } from '../../core/plasticity/read-rule.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { Simulation } from '../../workers/simulation.ts';

export interface Forced {
  readonly nPre: number;
  readonly nPost: number;
  /** Ticks at which the spikes arrive at the plastic synapses, and at which the post neurons fire. */
  readonly pre: readonly (readonly [tick: number, neuron: number])[];
  readonly post: readonly (readonly [tick: number, neuron: number])[];
  readonly rule: RuleOptions;
  readonly weight: number | readonly number[];
  readonly seed?: number;
}

/** Plastic all-to-all synapses between replayed spikes and neurons that fire exactly when a second input tells them to. */
export function forced({ nPre, nPost, pre, post, rule: given, weight, seed = 1 }: Forced): Network {
  const net: NetworkBuilder = network({ dt: '1 ms', seed });
  const from = net.input('pre', nPre, { times: [], neurons: [] });
  const drive = net.input('drive', nPost, { times: [], neurons: [] });
  // leaks almost everything within a tick, and no sum of plastic weights reaches its threshold
  const bound = Math.max(...(given.bounds ?? [0, 1]).map(Math.abs));
  const to = net.neurons('post', nPost, { model: 'lif', tauMem: '0.1 ms', vThreshold: 60 * bound });
  net.connect(from, to, { name: 'plastic', weight, rule: rule(given) });
  net.connect(drive, to, { name: 'force', connect: 'one-to-one', weight: 120 * bound });
  const description = net.freeze();
  // a spike of tick t arrives at t + 1
  const source = (spikes: Forced['pre']) =>
    replay(
      spikes.map(([tick]) => tick - 1),
      spikes.map(([, neuron]) => neuron),
    );
  const populations = description.populations.map((population) =>
    population.name === 'pre'
      ? { ...population, source: source(pre) }
      : population.name === 'drive'
        ? { ...population, source: source(post) }
        : population,
  );
  return { ...description, populations };
}

export const simulate = (description: Network, options: LoihiOptions = {}): Simulation =>
  new Simulation(buildPlan(description, loihiLike(options)));
