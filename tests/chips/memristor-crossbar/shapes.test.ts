/** Spike waveforms that write by overlap, weights on several cells, and how long reads and writes take. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { joinSlices, significances, sliceWeight } from '../../../chips/memristor-crossbar/bit-slices.ts';
import { adcRampJoules, crossbarEnergyTable } from '../../../chips/memristor-crossbar/energy-table.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import { readCrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { conversionSeconds, lineReadSeconds } from '../../../chips/memristor-crossbar/timing.ts';
import type { SpikeWaveform } from '../../../chips/memristor-crossbar/waveforms.ts';
import { overlapRule, pairDose } from '../../../chips/memristor-crossbar/waveforms.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan, checkDeployment } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { Simulation } from '../../../workers/simulation.ts';

const PRE: SpikeWaveform = { headVolts: 0.9, headSeconds: 1e-4, tailVolts: 0.5, tailSeconds: 0.02 };
const POST: SpikeWaveform = { headVolts: 1, headSeconds: 2e-4, tailVolts: 0.4, tailSeconds: 0.03 };
const OVERLAP = { pre: PRE, post: POST, threshold: 1 };

/** Voltage on a line at a time after its spike. */
const line = ({ headVolts, headSeconds, tailVolts, tailSeconds }: SpikeWaveform, t: number): number =>
  t < 0 ? 0 : t < headSeconds ? headVolts : -tailVolts * Math.exp(-(t - headSeconds) / tailSeconds);

/** The dose by brute force: both waveforms, a fine grid, the excess over the threshold. */
function integrated(lag: number): number {
  const dt = 2e-7;
  let dose = 0;
  for (let t = Math.min(0, lag); t < Math.max(PRE.headSeconds, lag + POST.headSeconds); t += dt) {
    const across = line(POST, t + dt / 2 - lag) - line(PRE, t + dt / 2);
    if (Math.abs(across) > OVERLAP.threshold) dose += Math.sign(across) * (Math.abs(across) - OVERLAP.threshold) * dt;
  }
  return dose;
}

test('the dose of a pair of spikes is the integral of their waveforms above the threshold', () => {
  for (const lag of [0.0005, 0.003, 0.02, 0.06, -0.0005, -0.004, -0.02, -0.09, 0]) {
    const exact = pairDose(OVERLAP, lag);
    assert.ok(Math.abs(exact - integrated(lag)) < 2e-3 * Math.abs(exact) + 1e-12, `${lag}: ${exact}, integrated ${integrated(lag)}`);
  }
  assert.ok(pairDose(OVERLAP, 0.003) > 0 && pairDose(OVERLAP, -0.003) < 0);
  // the pre head is 0.1 V short of the threshold, so old post tails do not reach it
  assert.is(pairDose(OVERLAP, -0.09), 0);
});

test('as a rule, waveforms give the same window in a running network', () => {
  const lags = [1, 5, 20, 50, -1, -5, -20, -30];
  const gain = 1000;
  const net = network({ dt: '1 ms', seed: 1 });
  const times = (shift: (lag: number) => number): `${number} ms`[] => lags.map((lag) => `${60 + shift(lag)} ms` as const);
  const neurons = lags.map((_, n) => n);
  const pre = net.input('pre', lags.length, { times: times((lag) => Math.max(-lag, 0)), neurons });
  const teacher = net.input('teacher', lags.length, { times: times((lag) => Math.max(lag, 0)), neurons });
  const post = net.neurons('post', lags.length, { model: 'lif', tauMem: '1 us', vThreshold: 5 });
  const one = { connect: 'one-to-one', delay: '1 ms' } as const;
  net.connect(pre, post, { ...one, name: 'array', weight: 0, rule: rule(overlapRule(OVERLAP, gain, [-1, 1])) });
  net.connect(teacher, post, { ...one, name: 'teaching', weight: 10 });
  const simulation = new Simulation(buildPlan(net.freeze(), memristorCrossbar({ device: 'ideal-device' })));
  simulation.run(150);
  const weights = simulation.weights('array');
  for (const [n, lag] of lags.entries()) {
    const exact = gain * pairDose(OVERLAP, lag / 1000);
    assert.ok(Math.abs(weights[n] - exact) < 1e-3 * Math.abs(exact) + 1e-9, `${lag} ms: ${weights[n]}, waveforms ${exact}`);
  }
});

test('slices of 4 levels, base 4: significances add up to one, and a weight is held to half a step of the last', () => {
  const slicing = { slices: 3, base: 4, levels: 4 };
  const parts = significances(slicing);
  assert.ok(Math.abs(parts.reduce((a, b) => a + b) - 1) < 1e-15);
  assert.ok(Math.abs(parts[0] / parts[1] - 4) < 1e-12);
  const resolution = parts[2] / 3;
  for (let w = -1; w <= 1; w += 0.0137) {
    const digits = sliceWeight(w, slicing);
    for (const digit of digits) assert.ok(Math.abs(digit * 3 - Math.round(digit * 3)) < 1e-12 && Math.abs(digit) <= 1);
    assert.ok(Math.abs(joinSlices(digits, slicing) - w) <= 1.01 * (resolution / 2), `${w} -> ${joinSlices(digits, slicing)}`);
  }
  const analog = { slices: 2, base: 8, levels: 0 };
  for (const w of [-1, -0.317, 0, 0.4999, 1]) assert.ok(Math.abs(joinSlices(sliceWeight(w, analog), analog) - w) < 1e-12);
});

test('converters: energy by law, time by bits and by how many columns share one', () => {
  assert.is(adcRampJoules(6, 1e-15), 64e-15);
  const energy = (adcLaw: 'survey' | 'sar' | 'ramp'): number =>
    crossbarEnergyTable(readCrossbarOptions({ periphery: 'adc', adcLaw })).perEvent.adcConversion?.value ?? 0;
  assert.ok(Math.abs(energy('sar') - 0.169e-12) < 0.003e-12, String(energy('sar')));
  assert.ok(Math.abs(energy('survey') - 1.7e-12) < 0.05e-12);
  assert.is(energy('ramp'), 256 * 20e-15);
  const settings = readCrossbarOptions({ periphery: 'adc', adcBits: 6, converters: 8 });
  assert.ok(Math.abs(conversionSeconds(settings) - 7e-9) < 1e-18);
  assert.ok(Math.abs(lineReadSeconds(settings, 100) - (10e-9 + 13 * 7e-9)) < 1e-18);
  assert.is(conversionSeconds({ adcLaw: 'ramp', adcBits: 6 }), 64e-9);
  assert.is(lineReadSeconds(readCrossbarOptions({}), 100), 10e-9);
});

test('a tick takes its reads and its writes, spread over tiles or all on one', () => {
  const net = network({ dt: '1 ms', seed: 1 });
  const input = net.input('input', 256);
  const out = net.neurons('out', 64, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(input, out, { weight: 0.1, delay: '1 ms' });
  const chip = memristorCrossbar({ device: 'taox-hfox' });
  const { placement } = checkDeployment(net.freeze(), chip);
  assert.is(placement.uses[0].used, 2);
  const idle = chip.timing?.(placement, {}, 0, 1e-3);
  assert.is(idle?.perStep.value, 10e-9);
  // 10 spikes a tick read 128 cells each; 40 pulses of 50 ns
  const busy = chip.timing?.(placement, { readPulse: 100 * 10 * 128, writePulse: 100 * 40 }, 100, 1e-3);
  const [reads, writes] = [10 * 10e-9, 40 * 50e-9];
  assert.ok(Math.abs((busy?.perStep.hi ?? 0) - (10e-9 + reads + writes)) < 1e-15);
  assert.ok(Math.abs((busy?.perStep.value ?? 0) - (10e-9 + (reads + writes) / 2)) < 1e-15);
  assert.ok(Math.abs((busy?.perStep.lo ?? 0) - (10e-9 + (reads + writes / 128) / 2)) < 1e-15);
});

test.run();
