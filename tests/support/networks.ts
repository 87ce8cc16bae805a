/** Small networks with everything on that several tests put through the kernel: noise, mixed delays, plasticity, graded spikes, wires. */
import type { CrossbarOptions } from '../../chips/memristor-crossbar/options.ts';
import { network } from '../../core/network/builder.ts';
import type { Network } from '../../core/network/network.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { range } from './simulate.ts';

/** Two populations in a loop, mixed delays, plastic synapses, membrane noise. */
export function noisyLoop(recorded: boolean): Network {
  const net = network({ dt: '1 ms', seed: 5 });
  const input = net.input('input', 30, { rates: '60 Hz' });
  const a = net.neurons('a', 17, { model: 'lif', tauMem: '20 ms', vThreshold: 1, noise: 0.1, refractory: '2 ms' });
  const b = net.neurons('b', 9, { model: 'lif', tauMem: '10 ms', vThreshold: 1 });
  net.connect(input, a, { weight: { uniform: [0, 0.5] }, delay: { uniform: ['2 ms', '5 ms'] }, rule: 'pair-stdp' });
  net.connect(a, b, { weight: 0.4, delay: '2 ms', connect: { kind: 'fixed-probability', probability: 0.4 } });
  net.connect(b, a, { weight: { normal: { mean: 0.2, sd: 0.1, low: -1, high: 1 } }, delay: '3 ms', rule: 'r-stdp' });
  if (recorded) {
    net.record(a, 'spikes');
    net.record(b, 'v', { every: '5 ms' });
  }
  return net.freeze();
}

export const additive = rule({
  name: 'additive',
  traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
  onPre: 'w -= 0.02 * y1',
  onPost: 'w += 0.03 * x1',
  bounds: [0, 0.6],
});

/** Two pre traces, one that never decays; a variable with a time constant; draws before the spike of the source; a choice that counts. */
export const intricate = rule({
  name: 'intricate',
  traces: { x1: { on: 'pre', tau: '10 ms', pairing: 'nearest' }, n: { on: 'pre', impulse: 0.01 }, y1: { on: 'post', tau: '30 ms' } },
  variables: { e: { tau: '40 ms' } },
  modulators: { reward: {} },
  onPre: 'e -= y1 * uniform()\nw += 0.01 * e',
  onPost: 'let more = x1 + n\ne += more > 0.5 ? more : -0.1\nw *= 1 + 0.01 * more',
  onModulator: 'w += reward * e',
  bounds: [-0.5, 0.5],
});

export const onlyPost = rule({
  name: 'only-post',
  traces: { x1: { on: 'pre', tau: '15 ms' } },
  onPost: 'w += 0.02 * (x1 - 0.3)',
  bounds: [0, 1],
});

/** Sources that spike often, or so rarely that rows have to be swept; then the neurons fire by themselves. */
export function sparse(learnt: PlasticityRule, precision: 'f32' | 'f64', rates: readonly [number, number], delays: boolean): Network {
  const net = network({ seed: 5, precision });
  const input = net.input('input', 14, { rates: range(0, 13).map((i) => `${i % 5 === 0 ? rates[1] : rates[0]} Hz` as const) });
  const output = net.neurons('output', 11, {
    model: 'lif',
    tauMem: '15 ms',
    vThreshold: 1,
    refractory: '1 ms',
    noise: 0.2,
    vRest: rates[0] < 1 ? 1.1 : 0,
  });
  net.connect(input, output, {
    connect: { kind: 'fixed-probability', probability: 0.5 },
    weight: { uniform: [0.1, 0.5] },
    delay: delays ? { uniform: ['1 ms', '6 ms'] } : '2 ms',
    rule: learnt,
  });
  return net.freeze();
}

/** Ternary neurons in a loop with mixed delays, graded input, and a rule on it. */
export function gradedLoop(): Network {
  const net = network({ dt: '1 ms', seed: 8 });
  const n = 400;
  const source = net.input('in', 12, {
    times: Array.from({ length: n }, (_, k) => `${1 + ((k * 7) % 90)} ms` as const),
    neurons: Array.from({ length: n }, (_, k) => (k * 5) % 12),
    payloads: Array.from({ length: n }, (_, k) => ((k * 13) % 11) - 4),
  });
  const ternary = net.neurons('ternary', 23, {
    model: 'ternary-lif',
    tauMem: '20 ms',
    vThreshold: 1,
    vThresholdLow: -0.7,
    refractory: '2 ms',
  });
  const out = net.neurons('out', 7, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  const graded = rule({ traces: { x1: { on: 'pre', tau: '10 ms', graded: 'add' } }, onPre: 'w -= 0.001', onPost: 'w += 0.01 * x1' });
  net.connect(source, ternary, { weight: { uniform: [0, 0.3] }, delay: { uniform: ['2 ms', '6 ms'] } });
  net.connect(ternary, out, { name: 'p', weight: { uniform: [0, 0.5] }, delay: '3 ms', rule: graded });
  net.connect(ternary, ternary, { weight: { normal: { mean: 0, sd: 0.1, low: -1, high: 1 } }, delay: '2 ms' });
  net.connect(source, out, { weight: 0.2, delay: '2 ms' });
  return net.freeze();
}

/** Lines with resistance and half-selected cells on the crossbar. */
export const WIRED: CrossbarOptions = {
  device: 'soft-bounds',
  access: 'none',
  wires: 'network',
  wireResistance: '20 ohm',
  halfSelectDisturb: 0.01,
  refreshTicks: 8,
  refreshWrites: 20,
  tileRows: 20,
  tileColumns: 16,
};

/** Poisson spikes through mixed delays onto noisy neurons, with STDP on the array between them. */
export function noisyArray(): Network {
  const net = network({ dt: '1 ms', seed: 5 });
  const input = net.input('input', 30, { rates: '60 Hz' });
  const a = net.neurons('a', 17, { model: 'lif', tauMem: '20 ms', vThreshold: 1, noise: 0.1 });
  net.connect(input, a, { name: 'array', weight: { uniform: [0, 0.5] }, delay: { uniform: ['2 ms', '5 ms'] }, rule: 'pair-stdp' });
  return net.freeze();
}
