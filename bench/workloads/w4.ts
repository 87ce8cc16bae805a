/**
 * Unsupervised digits of Diehl & Cook (Front. Comput. Neurosci. 9:99, 2015) with delta synapses: 784 Poisson inputs, n excitatory neurons with
 * adaptive thresholds, each exciting an inhibitory partner that silences all others. Post-pre STDP on the input; after each image of 350 ms
 * the host scales the weights of every neuron to a sum of 78.4 and returns membranes, traces and spikes on their way to rest.
 *
 * A neuron of this model goes on leaking while it is refractory and has a floor, which no built-in model offers together with an adaptive
 * threshold; its model is therefore given here as data. The inhibition of all others is all-to-all minus one-to-one, exact in binary.
 */

import type { NeuronModel } from '../../core/neurons/model.ts';
import type { Network } from '../../simulation.ts';
import { network, rule } from '../../simulation.ts';
import type { Simulation } from '../../workers/simulation.ts';
import type { Workload } from '../workload.ts';

const PIXELS = 784;
const IMAGE_TICKS = 350;
const IMAGES = 100;
const WEIGHT_SUM = 78.4;
/** In the definition a trace decays once between the tick of a spike and the tick in which that spike acts. */
const ONE_TICK = Math.exp(-1 / 20);

const postPre = rule({
  name: 'post-pre-of-w4',
  traces: {
    x1: { on: 'pre', tau: '20 ms', pairing: 'nearest', impulse: ONE_TICK },
    y1: { on: 'post', tau: '20 ms', pairing: 'nearest', impulse: 1 / ONE_TICK },
  },
  modulators: { scale: { per: 'post' } },
  onPre: 'w -= 1e-4 * y1',
  onPost: 'w += 1e-2 * x1',
  onModulator: 'w = w * scale',
  bounds: [0, 1],
});

interface Cell {
  readonly name: string;
  readonly tau: number;
  readonly rest: number;
  readonly threshold: string;
  readonly reset: number;
  readonly refractoryTicks: number;
  readonly adapts: boolean;
}

/** tau in ms; dt is one of them. */
const model = ({ name, tau, rest, threshold, reset, refractoryTicks, adapts }: Cell): NeuronModel => ({
  name,
  citation: 'Diehl & Cook (2015), Front. Comput. Neurosci. 9:99, section 2.1, with delta synapses',
  choices: {},
  parameters: {},
  derived: { leak: `exp(-1 / ${tau})`, leakTheta: 'exp(-1e-7)' },
  state: {
    v: { initial: `${rest}`, dimension: 'membrane', meaning: 'membrane variable' },
    ...(adapts ? { theta: { initial: '0', dimension: 'membrane', meaning: 'how far the threshold is raised' } as const } : {}),
    refractoryLeft: { initial: '0', dimension: 'ticks', meaning: 'ticks until input counts again' },
  },
  inputs: ['excitation', 'inhibition'],
  advance: [
    `v = ${rest} + (v - ${rest}) * leak + if(refractoryLeft > 0, 0, excitation + inhibition)`,
    ...(adapts ? ['v = max(v, -90)', 'theta *= leakTheta'] : []),
    'refractoryLeft = max(refractoryLeft - 1, 0)',
  ].join('\n'),
  threshold,
  reset: [`v = ${reset}`, `refractoryLeft = ${refractoryTicks}`, ...(adapts ? ['theta += 0.05'] : [])].join('\n'),
});

const excitatoryCell = model({
  name: 'excitatory-of-w4',
  tau: 100,
  rest: -65,
  threshold: 'v >= -52 + theta',
  reset: -60,
  refractoryTicks: 5,
  adapts: true,
});
const inhibitoryCell = model({
  name: 'inhibitory-of-w4',
  tau: 10,
  rest: -60,
  threshold: 'v >= -40',
  reset: -45,
  refractoryTicks: 2,
  adapts: false,
});

let made: readonly Float64Array[] | undefined;

/** Rates of the images in Hz, [IMAGES][PIXELS], the same every time. */
export const images = (): readonly Float64Array[] => {
  made ??= makeImages();
  return made;
};

/** 19 % of the pixels between 0 and 127.5 Hz, from a 32-bit congruential generator. */
function makeImages(): Float64Array[] {
  let x = 12345;
  const next = (): number => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return x / 4294967296;
  };
  return Array.from({ length: IMAGES }, () => Float64Array.from({ length: PIXELS }, () => (next() < 0.19 ? 127.5 * next() : 0)));
}

function describe(n: number, seed: number, record: boolean): Network {
  const net = network({ dt: '1 ms', seed, precision: 'f32' });
  const input = net.input('input', PIXELS);
  // Sizes, ports and wiring are checked against a built-in model with the same two ports; `withModels` then puts the models in.
  const stand = { model: 'cubalif', tauMem: '20 ms', tauExc: '5 ms', tauInh: '10 ms', vThreshold: 1 } as const;
  const excitatory = net.neurons('E', n, stand);
  const inhibitory = net.neurons('I', n, stand);
  net.connect(input, excitatory, { weight: { uniform: [0, 0.3] }, rule: postPre, port: 'excitatory' });
  net.connect(excitatory, inhibitory, { connect: 'one-to-one', weight: 22.5, port: 'excitatory' });
  net.connect(inhibitory, excitatory, { connect: 'all-to-all', weight: -17.5, port: 'inhibitory' });
  net.connect(inhibitory, excitatory, { name: 'not-itself', connect: 'one-to-one', weight: 17.5, port: 'inhibitory' });
  if (record) net.record(excitatory, 'spikes');
  return withModels(net.freeze(), { E: excitatoryCell, I: inhibitoryCell });
}

function withModels(net: Network, models: Readonly<Record<string, NeuronModel>>): Network {
  const portOf = (port: string): string => (port === 'excitatory' ? 'excitation' : 'inhibition');
  return {
    ...net,
    populations: net.populations.map((one) => (one.name in models ? { ...one, model: models[one.name], parameters: {} } : one)),
    projections: net.projections.map((one) => ({ ...one, port: portOf(one.port) })),
  };
}

function present(simulation: Simulation, seconds: number): void {
  const rates = images();
  for (let ticks = Math.round(seconds * 1000), k = 0; ticks > 0; ticks -= IMAGE_TICKS, k++) {
    simulation.setRates('input', rates[k % IMAGES]);
    simulation.run(Math.min(ticks, IMAGE_TICKS));
    simulation.modulate('input-E', { scale: simulation.weightSums('input-E').map((sum) => WEIGHT_SUM / sum) });
    const theta = simulation.state('E', 'theta');
    simulation.resetState();
    simulation.setState('E', 'theta', theta);
  }
}

export function diehlCook(n: number, spikes: number, tolerance: number): Workload {
  return {
    name: `W4-${n}`,
    summary: `Diehl & Cook (2015), 784 inputs, ${n} + ${n} neurons, ${(PIXELS * n) / 1000} k plastic synapses, 100 images`,
    seconds: (IMAGES * IMAGE_TICKS) / 1000,
    expected: [{ what: 'spikes', value: spikes, tolerance }],
    counted: ['E'],
    brian2: ['bench_brian2_w4.py', '--ne', `${n}`],
    network: ({ seed, record }) => describe(n, seed, record),
    // before the loop, as in the reference script
    prepare: () => void images(),
    run: (simulation, seconds) => present(simulation, seconds),
  };
}
