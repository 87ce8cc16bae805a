/**
 * A plastic projection whose neurons spike when they are told to: the drive of the plastic weights is too small to matter, so the
 * spikes of a post neuron are those of its teacher. What the kernel makes of a rule is then a function of given spikes.
 */
import { ideal } from '../../chips/ideal/ideal.ts';
import type { NeuronOptions } from '../../core/network/builder.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { Simulation } from '../../workers/simulation.ts';

/** Names of the projection and of the population that it ends on. */
export const PLASTIC = 'plastic';
export const POST = 'post';

/** Spikes of one neuron: the ticks, from 2 on, in which they reach their synapses (pre) or in which the neuron fires (post). */
export type Train = readonly number[];

export interface ForcedOptions {
  readonly connect: 'one-to-one' | 'all-to-all';
  /** Weight of every synapse at the start; 0.5 unless given. */
  readonly weight?: number;
  /** Post neurons that plastic weights drive as well as the teacher; such that only the teacher does unless given. */
  readonly neurons?: NeuronOptions;
}

const DEAF: NeuronOptions = { model: 'lif', tauMem: '10 us', vThreshold: 1, resistance: 1e-9 };

/** Ticks of 1 ms. Where a trace of the rule takes graded spikes, pre spikes carry 2, of which it takes half. */
export function forcedNetwork(rule: PlasticityRule, pre: readonly Train[], post: readonly Train[], options: ForcedOptions): Network {
  const { connect, weight = 0.5, neurons } = options;
  const net = network();
  const sources = net.input('pre', pre.length, { times: [], neurons: [] });
  const teacher = net.input('teacher', post.length, { times: [], neurons: [] });
  const targets = net.neurons(POST, post.length, neurons ?? DEAF);
  net.connect(sources, targets, { name: PLASTIC, connect, weight, ...(neurons === undefined ? { port: 'current' } : {}), rule });
  net.connect(teacher, targets, { name: 'teaching', connect: 'one-to-one', weight: 2 });
  const described = net.freeze();
  const isGraded = Object.values(rule.traces).some(({ graded }) => graded !== undefined);
  // ticks as numbers, because a hundred thousand times with units take longer to read than to run
  const replays = new Map([
    ['pre', { ...replay(pre), ...(isGraded ? { payloads: new Float64Array(pre.flat().length).fill(2) } : {}) }],
    ['teacher', replay(post)],
  ]);
  const populations = described.populations.map((population) => {
    const source = replays.get(population.name);
    return source === undefined ? population : { ...population, source };
  });
  return { ...described, populations };
}

/** The network, running on the ideal chip. */
export const forcedSpikes = (...given: Parameters<typeof forcedNetwork>): Simulation =>
  new Simulation(buildPlan(forcedNetwork(...given), ideal()));

/** Sorted by tick, then neuron; a spike arrives one tick after it is sent. */
function replay(trains: readonly Train[]): { kind: 'replay'; ticks: Int32Array; neurons: Int32Array } {
  const spikes = trains.flatMap((train, neuron) => train.map((tick) => ({ tick: tick - 1, neuron })));
  spikes.sort((a, b) => a.tick - b.tick || a.neuron - b.neuron);
  return { kind: 'replay', ticks: Int32Array.from(spikes, ({ tick }) => tick), neurons: Int32Array.from(spikes, ({ neuron }) => neuron) };
}
