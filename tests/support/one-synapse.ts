/**
 * Plastic synapses seen one by one: each has a pre neuron and a post neuron of its own, and both spike when they are told to. The drive of the
 * plastic weight is too small to matter, so the spikes of the post neuron are those of its teacher.
 */
import { network } from '../../core/network/builder.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { ms, start } from './simulate.ts';

/** Spikes of one synapse: the ticks in which they reach the synapse (pre), and in which the post neuron fires. From tick 2. */
export interface Pairing {
  readonly pre: readonly number[];
  readonly post: readonly number[];
}

export interface SynapseOptions {
  readonly weight?: number;
  readonly delayMs?: number;
  readonly precision?: 'f64' | 'f32';
}

/** The plastic projection is called `plastic`; synapse k belongs to pairing k. */
export function pairings(rule: PlasticityRule, all: readonly Pairing[], options: SynapseOptions = {}): Simulation {
  const { weight = 0.5, delayMs = 1, precision = 'f64' } = options;
  const net = network({ precision });
  const replayed = (side: 'pre' | 'post', lead: number) => {
    const spikes = all.flatMap((pairing, neuron) => pairing[side].map((tick) => ({ tick: tick - lead, neuron })));
    return { times: spikes.map(({ tick }) => ms(tick)), neurons: spikes.map(({ neuron }) => neuron) };
  };
  const pre = net.input('pre', all.length, replayed('pre', delayMs));
  const teacher = net.input('teacher', all.length, replayed('post', 1));
  const post = net.neurons('post', all.length, { model: 'lif', tauMem: '10 us', vThreshold: 1, resistance: 1e-9 });
  net.connect(pre, post, { name: 'plastic', connect: 'one-to-one', weight, delay: ms(delayMs), port: 'current', rule });
  net.connect(teacher, post, { name: 'teaching', connect: 'one-to-one', weight: 2 });
  return start(net);
}

/** Weight changes after `ticks`, one per pairing. */
export function changes(rule: PlasticityRule, all: readonly Pairing[], ticks: number, options: SynapseOptions = {}): number[] {
  const simulation = pairings(rule, all, options);
  simulation.run(ticks);
  return Array.from(simulation.weights('plastic'), (w) => w - (options.weight ?? 0.5));
}
