import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LifOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import { allNear, near, withinErrors } from '../../support/near.ts';
import { drivenNeurons, follow, range, start } from '../../support/simulate.ts';

const plain = { model: 'lif', tauMem: '20 ms', vThreshold: 100 } as const satisfies LifOptions;

test('under a constant current the exact integrator is the closed form at every tick', () => {
  const { net } = drivenNeurons(1, { ...plain, vRest: 0.3, resistance: 2 }, [{ port: 'current', weights: [0, ...Array(80).fill(1.5)] }]);
  const { values } = follow(start(net), 'neurons', 'v', 81);
  // the current flows from the start of tick 2
  allNear(
    values.slice(1),
    range(1, 80).map((n) => 0.3 + 3 * (1 - Math.exp(-n / 20))),
    1e-13,
    'v',
  );
  assert.is(values[0], 0.3);
});

test('a delta synapse jumps by its weight and the membrane then decays as exp(-t/tau), also from voltages', () => {
  const { net } = drivenNeurons(1, { model: 'lif', tauMem: '20 ms', vThreshold: '0 mV', vRest: '-65 mV' }, [{ weights: [0, 0, 0.004] }]);
  const { values } = follow(start(net), 'neurons', 'v', 60);
  allNear(
    values.slice(2),
    range(0, 57).map((n) => -0.065 + 0.004 * Math.exp(-n / 20)),
    1e-15,
    'v',
  );
});

test('Euler follows v += dt/tau (vRest - v + R I), which is not the closed form', () => {
  const { net } = drivenNeurons(1, { ...plain, integrator: 'euler', resistance: 2 }, [
    { port: 'current', weights: [0, ...Array(40).fill(1.5)] },
  ]);
  const { values } = follow(start(net), 'neurons', 'v', 41);
  let v = 0;
  for (const n of range(1, 40)) {
    v += (1 / 20) * (0 - v + 3);
    near(values[n], v, 1e-13, `step ${n}`);
  }
  assert.ok(Math.abs(values[20] - 3 * (1 - Math.exp(-1))) > 0.01);
});

test('a = 0.9, I = 0.15, threshold 1: the first spike is at step 11 and the fixed point is 1.5', () => {
  const options = { model: 'lif', tauMem: '10 ms', integrator: 'euler', vThreshold: 1 } as const;
  const drive = [{ weights: [0, ...Array(400).fill(0.15)] }];
  assert.is(Math.ceil(Math.log(1 - (1 * (1 - 0.9)) / 0.15) / Math.log(0.9)), 11);
  const { spikes } = follow(start(drivenNeurons(1, options, drive).net), 'neurons', 'v', 40);
  // step 1 is tick 2; every spike starts from zero again
  assert.equal(spikes, [12, 23, 34]);
  const silent = follow(start(drivenNeurons(1, { ...options, vThreshold: 2 }, drive).net), 'neurons', 'v', 401);
  near(silent.values[400], 1.5, 1e-12);
});

test('a membrane exactly at the threshold does not fire', () => {
  const { net } = drivenNeurons(1, { model: 'lif', tauMem: '20 ms', vThreshold: 1 }, [{ weights: [0, 1, 0, 0, 1] }]);
  assert.equal(follow(start(net), 'neurons', 'v', 6).spikes, [5]);
});

for (const [refractory, spikes] of [
  ['0 ms', [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ['1 ms', [2, 4, 6, 8, 10]],
  ['3 ms', [2, 6, 10]],
] as const) {
  test(`a refractory period of ${refractory} blocks exactly that many ticks`, () => {
    const { net } = drivenNeurons(1, { ...plain, vThreshold: 1, refractory }, [{ weights: [0, ...Array(10).fill(1.5)] }]);
    assert.equal(follow(start(net), 'neurons', 'v', 11).spikes, spikes);
  });
}

test('a refractory neuron does not fire again, even if its reset leaves it above threshold', () => {
  const options = { ...plain, vThreshold: 1, refractory: '3 ms', resetTo: 'subtraction' } as const;
  const { net } = drivenNeurons(1, options, [{ weights: [0, 3.6] }]);
  const { spikes, values } = follow(start(net), 'neurons', 'v', 12);
  assert.equal(spikes.slice(0, 2), [2, 6]);
  allNear(values.slice(1, 4), [2.6, 2.6, 2.6], 1e-15, 'held');
});

test('a refractory neuron with escape noise is silent however high its rate', () => {
  const options = {
    model: 'lif',
    tauMem: '20 ms',
    vThreshold: 0,
    spiking: 'escape',
    escapeRate: '1 kHz',
    escapeWidth: 1,
    refractory: '4 ms',
  } as const satisfies LifOptions;
  // at threshold the probability is 1 in every tick
  const { net } = drivenNeurons(1, options, []);
  assert.equal(follow(start(net), 'neurons', 'v', 16).spikes, [1, 6, 11, 16]);
});

test('reset by subtraction keeps what was above the threshold; reset to a value does not', () => {
  const drive = [{ weights: [0, 1.75] }];
  const after = (options: Partial<LifOptions>): number => {
    const { net } = drivenNeurons(1, { ...plain, vThreshold: 1, ...options }, drive);
    return follow(start(net), 'neurons', 'v', 2).values[1];
  };
  assert.is(after({ resetTo: 'subtraction' }), 0.75);
  assert.is(after({}), 0);
  assert.is(after({ vReset: 0.25 }), 0.25);
  assert.is(after({ vRest: -0.5 }), -0.5, 'reset to rest unless told otherwise');
});

test('resting values given per neuron are also where each starts and is reset to', () => {
  const { net } = drivenNeurons(3, { ...plain, vRest: [-1, 0, 2] } as unknown as LifOptions, []);
  const simulation = start(net);
  assert.equal([...simulation.state('neurons', 'v')], [-1, 0, 2]);
});

test('the floor holds the membrane up', () => {
  const { net } = drivenNeurons(1, { ...plain, floor: -0.25 }, [{ weights: [0, -1, 0.5] }]);
  const { values } = follow(start(net), 'neurons', 'v', 3);
  assert.is(values[1], -0.25);
  near(values[2], -0.25 * Math.exp(-1 / 20) + 0.5, 1e-15);
});

test('membrane noise has the mean, variance and independence of the normal draws it is made of', () => {
  // a leak of exp(-100) forgets the last tick, so every value is one draw
  const { net } = drivenNeurons(400, { model: 'lif', tauMem: '10 us', vThreshold: 1000, noise: 0.5 }, [], { seed: 5 });
  const simulation = start(net);
  const ticks = range(1, 50).map(() => {
    simulation.run(1);
    return simulation.state('neurons', 'v');
  });
  const n = 400 * 50;
  const sum = (f: (t: number, i: number) => number, from = 0): number =>
    ticks.reduce((total, values, t) => total + (t < from ? 0 : values.reduce((s, _, i) => s + f(t, i), 0)), 0);
  withinErrors(sum((t, i) => ticks[t][i]) / n, 0, 0.5 / Math.sqrt(n), 'mean');
  withinErrors(sum((t, i) => ticks[t][i] ** 2) / n, 0.25, 0.25 * Math.sqrt(2 / n), 'variance');
  withinErrors(sum((t, i) => ticks[t][i] ** 4) / n, 3 * 0.5 ** 4, 0.5 ** 4 * Math.sqrt(96 / n), 'fourth moment');
  withinErrors(sum((t, i) => ticks[t][i] * ticks[t - 1][i], 1) / (49 * 400), 0, 0.25 / Math.sqrt(49 * 400), 'from tick to tick');
  withinErrors(sum((t, i) => ticks[t][i] * ticks[t][(i + 1) % 400]) / n, 0, 0.25 / Math.sqrt(n), 'from neuron to neuron');
});

test('noise filtered by the membrane has the variance sigma² / (1 - leak²)', () => {
  const { net } = drivenNeurons(2000, { model: 'lif', tauMem: '5 ms', vThreshold: 1000, noise: 0.5 }, [], { seed: 3 });
  const simulation = start(net);
  simulation.run(100);
  const v = simulation.state('neurons', 'v');
  const expected = 0.25 / (1 - Math.exp(-2 / 5));
  withinErrors(v.reduce((sum, x) => sum + x * x, 0) / 2000, expected, expected * Math.sqrt(2 / 2000), 'variance');
});

test('escape noise fires with probability min(max, rate dt exp((v - threshold) / width))', () => {
  const levels = [0.2, 0.6, 0.9, 1.4];
  const per = 300;
  const net = network({ seed: 11 });
  net.neurons('neurons', levels.length * per, {
    model: 'lif',
    tauMem: '20 ms',
    vThreshold: 1,
    // rest, reset and start are one value, so the membrane stands still at it
    ...({ vRest: levels.flatMap((v) => Array(per).fill(v)) } as object),
    spiking: 'escape',
    escapeRate: '100 Hz',
    escapeWidth: 0.2,
    escapeMax: 0.5,
  });
  const simulation = start(net);
  simulation.run(60);
  const counts = simulation.spikeCounts('neurons');
  levels.forEach((v, group) => {
    const p = Math.min(0.5, 0.1 * Math.exp((v - 1) / 0.2));
    const n = per * 60;
    const spikes = counts.slice(group * per, (group + 1) * per).reduce((sum, c) => sum + c, 0);
    withinErrors(spikes / n, p, Math.sqrt((p * (1 - p)) / n), `v = ${v}:`);
  });
});

test('escape noise and membrane noise draw different numbers', () => {
  const { net } = drivenNeurons(
    4000,
    { model: 'lif', tauMem: '10 us', vThreshold: 0, noise: 1, spiking: 'escape', escapeRate: '500 Hz', escapeWidth: 1e9, vReset: 0 },
    [],
    { seed: 2 },
  );
  const simulation = start(net);
  simulation.run(1);
  // half of the neurons fire whatever their noise: those that did not (v was not reset) have noise of mean zero
  const silent = [...simulation.state('neurons', 'v')].filter((v) => v !== 0);
  withinErrors(silent.length, 2000, Math.sqrt(1000), 'silent');
  withinErrors(silent.reduce((s, v) => s + v, 0) / silent.length, 0, 1 / Math.sqrt(silent.length), 'mean noise of the silent');
});

test('a threshold shift moves where a neuron fires, not what its reset subtracts', () => {
  const options = { ...plain, vThreshold: 1, thresholdShift: 0, tunable: ['thresholdShift'], resetTo: 'subtraction' } as const;
  const { net } = drivenNeurons(2, options, [{ weights: [0, 1.25, 0, 0, 0, 0, 0, 1] }]);
  const simulation = start(net);
  simulation.setState('neurons', 'thresholdShift', [0, 0.5]);
  assert.equal([...simulation.state('neurons', 'thresholdShift')], [0, 0.5]);
  simulation.run(2);
  assert.equal([...simulation.spikeCounts('neurons')], [1, 0]);
  near(simulation.state('neurons', 'v')[0], 0.25, 1e-15);
  simulation.run(6);
  assert.equal([...simulation.spikeCounts('neurons')], [2, 1]);
  near(simulation.state('neurons', 'v')[1], 1.25 * Math.exp(-6 / 20) + 1 - 1, 1e-15);
});

test('winner-take-all: the neuron farthest above threshold fires, the first of equals, and all others lose', () => {
  const net = network();
  const source = net.input('source', 1, { times: ['1 ms', '3 ms'], neurons: [0, 0] });
  const neurons = net.neurons('neurons', 4, {
    model: 'lif',
    tauMem: '10 us',
    vThreshold: 1,
    floor: -0.25,
    competition: { inhibition: 0.5 },
  });
  net.connect(source, neurons, { weight: [1.25, 1.5, 1.5, 0.125] });
  net.record(neurons, 'spikes');
  const simulation = start(net);
  simulation.run(2);
  assert.equal([...simulation.state('neurons', 'v')], [0.75, 0, 1, -0.25], 'losers go down to the floor, the winner is reset');
  simulation.run(4);
  const { t, i } = simulation.recordedSpikes('neurons');
  assert.equal(
    [[...t], [...i]],
    [
      [2, 4],
      [1, 1],
    ],
  );
});

test('winner-take-all: where nobody is above threshold nobody loses', () => {
  const { net } = drivenNeurons(2, { ...plain, vThreshold: 1, competition: { inhibition: 0.5 } }, [{ weights: [0, 0.75] }]);
  const simulation = start(net);
  simulation.run(2);
  assert.equal([...simulation.state('neurons', 'v')], [0.75, 0.75]);
});

test('winner-take-all compares distances from the shifted threshold', () => {
  const net = network();
  const source = net.input('source', 1, { times: ['1 ms'], neurons: [0] });
  const neurons = net.neurons('neurons', 2, {
    ...plain,
    vThreshold: 1,
    thresholdShift: 0,
    tunable: ['thresholdShift'],
    competition: { inhibition: 0 },
  });
  net.connect(source, neurons, { weight: [2, 1.75] });
  const simulation = start(net);
  simulation.setState('neurons', 'thresholdShift', [0.5, 0]);
  simulation.run(2);
  assert.equal([...simulation.spikeCounts('neurons')], [0, 1]);
});

test('single precision: every step is rounded to float32', () => {
  const net = network({ precision: 'f32' });
  const source = net.input('source', 1, { times: ['1 ms', '2 ms', '3 ms'], neurons: [0, 0, 0] });
  const neurons = net.neurons('neurons', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 100 });
  net.connect(source, neurons, { weight: 0.1 });
  const { values } = follow(start(net), 'neurons', 'v', 4);
  const leak = Math.fround(Math.exp(-1 / 20));
  let v = 0;
  for (const n of [1, 2, 3]) {
    v = Math.fround(Math.fround(v * leak) + Math.fround(0.1));
    assert.is(values[n], v, `tick ${n + 1}`);
  }
});

test.run();
