/** Neurons of Loihi 2 microcode, through plan and kernel: near their floating-point models, and exact in their own integers. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { fixedPoint } from '../../../chips/loihi-like/microcode.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import type { NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan, checkDeployment } from '../../../core/plan/build-plan.ts';
import { uniformAt } from '../../../core/random.ts';
import { Simulation } from '../../../workers/simulation.ts';
import { range } from '../../support/simulate.ts';

/** A population driven by graded spikes, one per tick and neuron of the source. */
function driven(neurons: NeuronOptions, payloads: readonly number[], weight: number, size = 1): Network {
  const net = network({ dt: '1 ms', seed: 4 });
  const used = payloads.map((payload, n) => ({ payload, tick: n + 1 })).filter(({ payload }) => payload !== 0);
  const source = net.input('in', 1, {
    times: used.map(({ tick }) => `${tick} ms` as const),
    neurons: used.map(() => 0),
    payloads: used.map(({ payload }) => payload),
  });
  net.connect(source, net.neurons('out', size, neurons), { weight });
  return net.freeze();
}

interface Followed {
  readonly states: readonly Readonly<Record<string, number>>[];
  readonly spikes: readonly number[];
}

function follow(description: Network, chip: ChipBackend, names: readonly string[], ticks: number, options = {}): Followed {
  const simulation = new Simulation(buildPlan(description, chip), options);
  const spikes: number[] = [];
  const states = range(1, ticks).map((tick) => {
    const before = simulation.spikeCounts('out')[0];
    simulation.run(1);
    if (simulation.spikeCounts('out')[0] > before) spikes.push(tick);
    return Object.fromEntries(names.map((name) => [name, simulation.state('out', name)[0]]));
  });
  return { states, spikes };
}

const constant = (value: number, ticks: number): number[] => new Array<number>(ticks).fill(value);

test('the adaptive threshold follows its integers, and the floating-point neuron within their steps', () => {
  const neurons = { model: 'adaptive-lif', tauMem: '20 ms', tauAdaptation: '60 ms', adaptationStep: 0.3, vThreshold: 1 } as const;
  for (const resetTo of ['value', 'subtraction'] as const) {
    const description = driven({ ...neurons, resetTo }, constant(1, 300), 0.21);
    const chip = follow(description, loihiLike(), ['v', 'adaptation'], 300);
    const exact = follow(description, ideal(), ['v', 'adaptation'], 300);
    assert.ok(Math.abs(chip.spikes.length - exact.spikes.length) <= 1, `${chip.spikes.length} and ${exact.spikes.length}`);
    assert.ok(chip.spikes.length > 10);
    // 0.21 is 255, so a threshold of 1 is 1214 and the membrane is in units of 1/77714
    const unit = (1214.2857142857142 * 64) as number;
    const [decayV, decayA, step, threshold, weight] = [200, 68, Math.round(0.3 * unit), 1214 * 64, 255 * 64];
    let [v, adaptation] = [0, 0];
    for (const tick of range(1, 300)) {
      adaptation = Math.trunc((adaptation * (4096 - decayA)) / 4096);
      v = Math.trunc((v * (4096 - decayV)) / 4096) + (tick > 1 ? weight : 0);
      if (v > threshold + adaptation) {
        v = resetTo === 'value' ? 0 : v - threshold - adaptation;
        adaptation += step;
      }
      const { v: seen, adaptation: raised } = chip.states[tick - 1];
      assert.equal([Math.round(seen * unit), Math.round(raised * unit)], [v, adaptation], `tick ${tick}`);
    }
  }
});

test('ternary spikes have two thresholds and a sign', () => {
  const neurons = { model: 'ternary-lif', tauMem: '20 ms', vThreshold: 1, vThresholdLow: -0.6 } as const;
  const payloads = range(1, 300).map((t) => Math.round(6 * (uniformAt(9, 1, 0, t) - 0.5)));
  const net = network({ dt: '1 ms' });
  const used = payloads.map((payload, n) => ({ payload, tick: n + 1 })).filter(({ payload }) => payload !== 0);
  const source = net.input('in', 1, {
    times: used.map(({ tick }) => `${tick} ms` as const),
    neurons: used.map(() => 0),
    payloads: used.map(({ payload }) => payload),
  });
  const ternary = net.neurons('out', 1, neurons);
  const sum = net.neurons('sum', 1, { model: 'lif', tauMem: '1e15 s', vThreshold: 1000 });
  net.connect(source, ternary, { weight: 0.4 });
  net.connect(ternary, sum, { weight: 1 });
  const description = net.freeze();
  const run = (chip: ChipBackend): [number, number] => {
    const simulation = new Simulation(buildPlan(description, chip));
    simulation.run(310);
    return [simulation.spikeCounts('out')[0], Math.round(simulation.state('sum', 'v')[0])];
  };
  const [spikes, difference] = run(loihiLike());
  assert.equal([spikes, difference], run(ideal()));
  // both signs were there
  assert.ok(spikes > 10 && Math.abs(difference) < spikes);
});

test('an oscillator rings at its frequency, and resonates', () => {
  const neurons = { model: 'resonate-and-fire', frequency: '25 Hz', tauDecay: '80 ms', vThreshold: 1 } as const;
  const one = driven({ ...neurons, vThreshold: 2 }, [1], 1);
  const [chip, exact] = [loihiLike(), ideal()].map((on) => follow(one, on, ['u', 'v'], 100));
  chip.states.forEach(({ u, v }, t) => {
    // factors of 12 bits are off by 2^-13 each, which adds up over 100 ticks of a signal that dies away with 80
    assert.ok(Math.hypot(u - exact.states[t].u, v - exact.states[t].v) < 0.01, `tick ${t + 1}`);
  });
  const kicks = (interval: number): number[] => range(0, interval).map((t) => (t === 0 || t === interval ? 1 : 0));
  for (const interval of [20, 40]) {
    const description = driven(neurons, kicks(interval), 1);
    assert.equal(follow(description, loihiLike(), [], 100).spikes, follow(description, ideal(), [], 100).spikes);
  }
  assert.is(follow(driven(neurons, kicks(40), 1), loihiLike(), [], 100).spikes.length, 1);
  // in its own integers
  const scale = 255 * 64;
  let [u, v] = [0, 0];
  const [c, s] = [Math.cos, Math.sin].map((f) => Math.round(4096 * Math.exp(-1 / 80) * f(2 * Math.PI * 0.025)));
  for (const tick of range(1, 100)) {
    const turned = Math.trunc((u * c - v * s) / 4096) + (tick === 2 ? scale : 0);
    v = Math.trunc((u * s + v * c) / 4096);
    u = turned;
    assert.equal([Math.round(chip.states[tick - 1].u * scale), Math.round(chip.states[tick - 1].v * scale)], [u, v], `tick ${tick}`);
  }
});

test('sigma-delta: a chain of two is off by less than a threshold of each, and sends less than it receives', () => {
  const steps = range(1, 300).map((t) => (t % 60 > 40 ? 0 : Math.round(10 * (uniformAt(3, 1, 0, t) - 0.48))));
  const net = network({ dt: '1 ms' });
  const used = steps.map((payload, n) => ({ payload, tick: n + 1 })).filter(({ payload }) => payload !== 0);
  const source = net.input('in', 1, {
    times: used.map(({ tick }) => `${tick} ms` as const),
    neurons: used.map(() => 0),
    payloads: used.map(({ payload }) => payload),
  });
  const first = net.neurons('out', 1, { model: 'sigma-delta', vThreshold: 1, bias: 0.5 });
  const last = net.neurons('last', 1, { model: 'sigma-delta', vThreshold: 1, activation: 'none' });
  net.connect(source, first, { weight: 0.25 });
  net.connect(first, last, { weight: -2 });
  const simulation = new Simulation(buildPlan(net.freeze(), loihiLike()));
  let [sum, before] = [0, 0];
  for (const tick of range(1, 300)) {
    simulation.run(1);
    // quantised to sixteenths of the threshold, of which the conversion from the membrane takes one more
    const off = Math.abs(simulation.state('last', 'sigma')[0] / -2 - before);
    assert.ok(off < 1 + 2 / 16, `tick ${tick}: off by ${off}`);
    if (tick > 1) sum += 0.25 * steps[tick - 2];
    before = Math.max(sum + 0.5, 0);
  }
  const spikes = simulation.spikeCounts('out')[0];
  assert.ok(spikes > 10 && spikes < used.length / 2, `${spikes} of ${used.length}`);
});

test('rate-if follows its integers, and the floating-point neuron in what it sends', () => {
  const inputs = range(1, 300).map((t) => Math.round(6 * (uniformAt(9, 1, 0, t) - 0.4)));
  for (const spikes of ['positive', 'signed'] as const) {
    for (const dynamics of ['leaky', 'integrating'] as const) {
      const neurons = { model: 'rate-if', tauMem: '5 ms', vThreshold: 1, floor: -0.5, ceiling: 1.5, bias: 0.1, spikes, dynamics } as const;
      const description = driven(neurons, inputs, 0.25);
      const chip = follow(description, loihiLike(), ['v', 'phase'], 300);
      const exact = follow(description, ideal(), ['v', 'phase'], 300);
      assert.ok(Math.abs(chip.spikes.length - exact.spikes.length) <= 2, `${chip.spikes.length} and ${exact.spikes.length}`);
      assert.ok(chip.spikes.length > 30);
      // 0.25 is 255, so a threshold of 1 is 1020 and the membrane is in units of 1/65280
      const unit = 1020 * 64;
      const k = Math.round(4096 * (1 - Math.exp(-1 / 5)));
      let [v, phase] = [0, 0];
      for (const tick of range(1, 300)) {
        const input = (tick > 1 ? 255 * 64 * inputs[tick - 2] : 0) + Math.round(0.1 * unit) - (dynamics === 'leaky' ? v : 0);
        v = Math.min(1.5 * unit, Math.max(-0.5 * unit, v + Math.trunc((input * k) / 4096)));
        phase += Math.min(unit, Math.max(spikes === 'signed' ? -unit : 0, v));
        if (Math.abs(phase) >= unit) phase -= Math.sign(phase) * unit;
        const { v: seen, phase: kept } = chip.states[tick - 1];
        assert.equal([Math.round(seen * unit), Math.round(kept * unit)], [v, phase], `tick ${tick}`);
      }
    }
  }
});

test('a factor in fixed point has a mantissa of 12 bits', () => {
  for (const factor of [1, 0.5, 1e-3, 3.7e-6, 12]) {
    const { mantissa, shift } = fixedPoint(factor);
    assert.ok(mantissa >= 2048 && mantissa <= 4096);
    assert.ok(Math.abs(mantissa / 2 ** shift / factor - 1) <= 1 / 4096);
  }
});

const FEATURES: readonly [NeuronOptions, string][] = [
  [{ model: 'adaptive-lif', tauMem: '20 ms', tauAdaptation: '60 ms', adaptationStep: 0.3, vThreshold: 1 }, 'an adaptive threshold'],
  [{ model: 'ternary-lif', tauMem: '20 ms', vThreshold: 1, vThresholdLow: -1 }, 'a spike of either sign'],
  [{ model: 'resonate-and-fire', frequency: '25 Hz', tauDecay: '80 ms', vThreshold: 1 }, 'an oscillator'],
  [{ model: 'rate-if', tauMem: '5 ms', vThreshold: 1, floor: 0, ceiling: 2 }, 'a value that is sent as evenly spaced spikes'],
  [{ model: 'sigma-delta', vThreshold: 1 }, 'a sum that sends its changes as graded spikes'],
];

test('each of them is said to be microcode that no recording proves, and Loihi 1 refuses it', () => {
  for (const [neurons, feature] of FEATURES) {
    const net = network({ dt: '1 ms' });
    net.connect(net.input('in', 1, { rates: '10 Hz' }), net.neurons('out', 2, neurons), { weight: 0.5 });
    const description = net.freeze();
    const said = (options: LoihiOptions) =>
      checkDeployment(description, loihiLike(options)).findings.filter(({ message }) => message.includes(feature));
    const [warning] = said({});
    assert.equal([warning.severity, warning.code], ['warning', 'W-LOIHI-MICROCODE']);
    assert.is(warning.hint, 'no recording of a chip exists to compare it with');
    assert.is(said({ generation: 'loihi-1' })[0].severity, 'error');
    // every parameter is listed with what it becomes
    const chip = loihiLike();
    const rows = chip.discretise?.(checkDeployment(description, chip).subject) ?? [];
    assert.ok(rows.length >= 2 && rows.every(({ held, asked }) => Math.abs(held - asked) <= 0.05 * Math.abs(asked)), JSON.stringify(rows));
  }
});

test('payloads are whole numbers of 24 bits, on Loihi 2', () => {
  const lif = { model: 'lif', tauMem: '20 ms', vThreshold: 1 } as const;
  const errorsOf = (payload: number, options: LoihiOptions = {}): string[] =>
    checkDeployment(driven(lif, [payload], 1), loihiLike(options))
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
  assert.equal(errorsOf(3), []);
  assert.equal(errorsOf(0.5), ['E-LOIHI-PAYLOAD']);
  assert.equal(errorsOf(2 ** 23), ['E-LOIHI-PAYLOAD']);
  assert.equal(errorsOf(3, { generation: 'loihi-1' }), ['E-LOIHI-GRADED']);
});

test('graded spikes and microcode give the same bits on 1, 2 and 3 shards and in both back ends', () => {
  const net = network({ dt: '1 ms', seed: 8 });
  const n = 300;
  const source = net.input('in', 12, {
    times: Array.from({ length: n }, (_, k) => `${1 + ((k * 7) % 90)} ms` as const),
    neurons: Array.from({ length: n }, (_, k) => (k * 5) % 12),
    payloads: Array.from({ length: n }, (_, k) => ((k * 13) % 11) - 4),
  });
  const populations = FEATURES.map(([neurons], k) => net.neurons(`n${k}`, 5 + 3 * k, neurons));
  for (const [k, to] of populations.entries()) {
    net.connect(source, to, { name: `in${k}`, weight: { uniform: [0, 0.4] }, delay: { uniform: ['2 ms', '5 ms'] } });
    net.connect(populations[(k + 1) % 4], to, { name: `loop${k}`, weight: { uniform: [-0.2, 0.3] }, delay: '2 ms' });
  }
  const plan = buildPlan(net.freeze(), loihiLike());
  const hashes = (options: ConstructorParameters<typeof Simulation>[1]): string[] => {
    const simulation = new Simulation(plan, options);
    return range(1, 100).map(() => {
      simulation.run(1);
      return simulation.hash();
    });
  };
  const one = hashes({});
  assert.ok(new Set(one).size > 90);
  assert.equal(hashes({ backend: 'js' }), one);
  for (const shards of [2, 3]) assert.equal(hashes({ shards, threads: 1 }), one);
});

test.run();
