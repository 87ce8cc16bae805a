/**
 * Recorded crossbar behaviour, reproduced by whole networks in the running kernel: a rule, an array, neurons and the tick between them. Laws
 * and formulas are compared piece by piece in tests/chips/memristor-crossbar.
 */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import { Simulation } from '../../workers/simulation.ts';
import { OFF } from '../chips/memristor-crossbar/bench.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const relative = (actual: number, expected: number, tolerance: number, what = ''): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${what} ${actual}, expected ${expected}`);

skipWithoutShared(
  test,
  'pair STDP on EpiRAM: conductance and heat after every spike',
  'golden/crossbar/stdp_on_device_epiram.json',
  (path) => {
    const { parameters, inputs, expected } = read(path);
    const dt = 0.0005;
    const ticks = (seconds: number): number => Math.round(seconds / dt);
    const range = parameters.gMaxSiemens - parameters.gMinSiemens;
    // one cell per synapse against a mid-range reference: w = u - 1/2, so a change of w is a fraction of the range
    const stdp = rule({
      name: 'stdp',
      parameters: { aPlus: parameters.aPlus, aMinus: parameters.aMinus },
      traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '25 ms' } },
      onPre: 'w -= aMinus * y1',
      onPost: 'w += aPlus * x1',
      bounds: [-0.5, 0.5],
    });
    const net = network({ dt: '500 us', seed: 1 });
    const oneEarlier = (times: readonly number[]) => times.map((time) => `${(ticks(time) - 1) * 500} us` as const);
    const pre = net.input('pre', 1, { times: oneEarlier(inputs.preSpikes), neurons: inputs.preSpikes.map(() => 0) });
    const teacher = net.input('teacher', 1, { times: oneEarlier(inputs.postSpikes), neurons: inputs.postSpikes.map(() => 0) });
    const post = net.neurons('post', 1, { model: 'lif', tauMem: '1 us', vThreshold: 5 });
    const start = (inputs.startConductance - parameters.gMinSiemens) / range;
    net.connect(pre, post, { name: 'array', weight: start - 0.5, delay: '500 us', rule: stdp });
    net.connect(teacher, post, { name: 'teaching', weight: 10, delay: '500 us' });
    const chip = memristorCrossbar({ ...OFF, device: 'epiram', mapping: 'reference', writePolicy: 'deterministic' });
    const simulation = new Simulation(buildPlan(net.freeze(), chip));
    const quantum = chip.profile.energy.perEvent.writeHeat?.value ?? 0;
    let [heat, pulses] = [0, 0];
    for (const event of expected.events) {
      simulation.run(ticks(event.time) - simulation.tick);
      const siemens = parameters.gMinSiemens + simulation.synapseVariable('array', 'gPlus')[0] * range;
      relative(siemens, event.conductance, 1e-6, `${event.event} spike at ${event.time} s:`);
      const { writeHeat = 0, writePulse = 0 } = simulation.eventCounts();
      assert.is(writePulse - pulses, Math.abs(event.pulses));
      assert.ok(
        Math.abs((writeHeat - heat) * quantum - event.energyJoules) <= 1e-6 * event.energyJoules + quantum / 2,
        `heat at ${event.time} s`,
      );
      [heat, pulses] = [writeHeat, writePulse];
    }
    relative(heat * quantum, expected.totalEnergyJoules, 1e-6, 'total heat');
  },
);

skipWithoutShared(
  test,
  'spikes as read pulses into leaky integrate-and-fire columns',
  'golden/crossbar/lif_crossbar_events.json',
  (path) => {
    const { parameters, inputs, expected } = read(path);
    const { inputs: nPre, outputs: nPost, gRefSiemens, readVolts, pulseSeconds, capacitanceFarad, thresholdVolts } = parameters;
    const siemens = (o: number, i: number): number => 2e-5 * (0.05 + (0.95 * ((3 * i + 7 * o) % 11)) / 10);
    const weights = Float64Array.from({ length: nPre * nPost }, (_, k) => {
      const [i, o] = [Math.floor(k / nPost), k % nPost];
      return ((siemens(o, i) - gRefSiemens) * readVolts * pulseSeconds) / capacitanceFarad;
    });
    const net = network({ dt: '100 us', seed: 1 });
    const ticks = (seconds: number): number => Math.round(seconds / 1e-4);
    const lines = net.input('lines', nPre, {
      times: inputs.inputSpikes.map(({ time }: { time: number }) => `${(ticks(time) - 1) * 100} us`),
      neurons: inputs.inputSpikes.map(({ line }: { line: number }) => line),
    });
    // at or above threshold: a hair below it
    const columns = net.neurons('columns', nPost, { model: 'lif', tauMem: '10 ms', vThreshold: thresholdVolts * (1 - 1e-12) });
    net.connect(lines, columns, { name: 'array', weight: weights, delay: '100 us' });
    net.record(columns, 'spikes');
    const simulation = new Simulation(buildPlan(net.freeze(), memristorCrossbar({ device: 'ideal-device' })));
    simulation.run(ticks(inputs.inputSpikes.at(-1).time));
    const { t, i } = simulation.recordedSpikes('columns');
    const spikes = Array.from(t, (tick, k) => `${i[k]} at ${tick}`);
    assert.equal(
      spikes,
      expected.outputSpikes.map(({ time, neuron }: { time: number; neuron: number }) => `${neuron} at ${ticks(time)}`),
    );
    for (const [o, volts] of simulation.state('columns', 'v').entries())
      relative(volts, expected.finalMembraneVolts[o], 1e-9, `column ${o}:`);
  },
);

test.run();
