/** Effects of the crossbar as data: which are listed, that each can be turned off by itself, and what is left when all are. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { DEVICE_NAMES } from '../../../chips/memristor-crossbar/device-presets.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { Simulation } from '../../../workers/simulation.ts';

const effectsOf = (options: CrossbarOptions): string[] => (memristorCrossbar(options).effects?.() ?? []).map(({ name }) => name);
function without(options: CrossbarOptions, names: readonly string[]): ChipBackend {
  const chip = memristorCrossbar(options).without?.(names);
  if (chip === undefined) throw new Error('the crossbar cannot be built without an effect');
  return chip;
}

/** Weights after 300 ticks of pair STDP under a teacher, so that all chips see the same spikes. */
function learnt(chip: ChipBackend): Float64Array {
  const net = network({ dt: '1 ms', seed: 3 });
  const pre = net.input('pre', 6, { rates: '40 Hz' });
  const teacher = net.input('teacher', 4, { rates: '30 Hz' });
  const post = net.neurons('post', 4, { model: 'lif', tauMem: '0.1 ms', vThreshold: 100 });
  const stdp = rule({
    name: 'pair STDP',
    traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
    onPre: 'w -= 0.008 * y1',
    onPost: 'w += 0.01 * x1',
    bounds: [-1, 1],
  });
  net.connect(pre, post, { name: 'plastic', weight: { uniform: [-0.4, 0.4] }, rule: stdp });
  net.connect(teacher, post, { name: 'teaching', connect: 'one-to-one', weight: 200 });
  const simulation = new Simulation(buildPlan(net.freeze(), chip));
  simulation.run(300);
  return simulation.weights('plastic');
}

const farthest = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);

const wanted = learnt(ideal());

for (const device of DEVICE_NAMES) {
  test(`${device}: with all its effects off the weights are those of the ideal chip`, () => {
    const names = effectsOf({ device });
    // this one has none
    assert.is(names.length > 0, device !== 'ideal-device');
    assert.is(farthest(learnt(memristorCrossbar({ device })), wanted) > 1e-5, device !== 'ideal-device');
    const off = without({ device }, names);
    assert.equal(off.effects?.(), []);
    const apart = farthest(learnt(off), wanted);
    assert.ok(apart < 1e-6, `${apart}`);
  });

  test(`${device}: each effect can be turned off by itself, and left on by itself`, () => {
    const names = effectsOf({ device });
    for (const name of names) {
      const others = names.filter((other) => other !== name);
      const left = (without({ device }, [name]).effects?.() ?? []).map((effect) => effect.name);
      assert.not(left.includes(name), name);
      assert.ok(
        (without({ device }, others).effects?.() ?? []).every((effect) => !others.includes(effect.name)),
        name,
      );
    }
  });
}

test('effects that the chip as configured does not have are not listed', () => {
  assert.not(effectsOf({}).includes('wire resistance'));
  assert.ok(effectsOf({ wires: 'ladder' }).includes('wire resistance'));
  assert.not(effectsOf({}).includes('ADC bits'));
  assert.ok(effectsOf({ periphery: 'adc' }).includes('ADC bits'));
  assert.ok(effectsOf({ device: { base: 'soft-bounds', stuckOff: 0.1 } }).includes('stuck cells'));
  assert.not(effectsOf({ cycleToCycle: false }).includes('cycle-to-cycle'));
  assert.ok(effectsOf({ device: { base: 'soft-bounds', readNoiseStd: 0.1 } }).includes('conductance range'));
});

test('options that mean nothing without an effect go with it', () => {
  const chip = without({ writePolicy: 'verify', verifyTries: 3 }, ['write policy']);
  assert.is((chip.profile.parameters as { writePolicy?: string }).writePolicy, 'accumulate');
  without({ slices: 2, sliceBase: 4, sliceLevels: 4 }, ['slices']);
  assert.throws(() => without({}, ['wire resistance', 'weather']), /no effect "weather"/);
});

test('up and down steps mirror each other without asymmetry', () => {
  const { figures } = memristorCrossbar({ device: { base: 'soft-bounds', upDown: 0.3 }, asymmetry: false }).profile.parameters as {
    figures: { name: string; value: number }[];
  };
  assert.is(figures.find(({ name }) => name === 'upDown')?.value, 0);
});

test.run();
