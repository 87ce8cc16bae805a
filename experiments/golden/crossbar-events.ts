/** Recordings of spikes as read pulses into integrate-and-fire columns, run as a whole network: sources, an array, neurons, the tick. */
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import { spikeReadHeat } from '../../chips/memristor-crossbar/spike-read.ts';
import { network } from '../../core/network/builder.ts';
import { buildPlan } from '../../core/plan/build-plan.ts';
import { Simulation } from '../../workers/simulation.ts';
import { expectSame } from './compare.ts';
import { formula } from './formula.ts';
import { expectKnown, expectNear, needed } from './near.ts';
import type { Fields, Recording } from './recording.ts';

/** Ticks of the run: fine enough that every recorded time is a whole number of them. */
const TICKS_PER_SECOND = 1e6;

/** Largest tick, in microseconds, of which all times are multiples. */
function commonMicroseconds(times: readonly number[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return times.map((time) => Math.round(time * TICKS_PER_SECOND)).reduce(divisor, 0);
}

export function checkEventColumns({ parameters, inputs, expected, tolerance }: Recording): void {
  const { inputs: nPre, outputs: nPost, gRefSiemens, readVolts, pulseSeconds, capacitanceFarad, tauSeconds, thresholdVolts } = parameters;
  const at = formula(needed<string>(inputs.conductanceFormula, 'inputs.conductanceFormula'));
  const conductance = Array.from({ length: nPost }, (_, o) => Float64Array.from({ length: nPre }, (_, i) => at({ o, i })));
  const spikes: Fields[] = inputs.inputSpikes;
  const dt = commonMicroseconds(spikes.map(({ time }) => time));
  const tickOf = (time: number): number => Math.round((time * TICKS_PER_SECOND) / dt);

  const net = network({ dt: `${dt} us`, seed: 1 });
  // a spike of tick n - 1 arrives, one tick later, at the recorded time
  const lines = net.input('lines', nPre, {
    times: spikes.map(({ time }) => `${(tickOf(time) - 1) * dt} us` as const),
    neurons: spikes.map(({ line }) => line),
  });
  // at or above threshold: a hair below it
  const columns = net.neurons('columns', nPost, { model: 'lif', tauMem: `${tauSeconds} s`, vThreshold: thresholdVolts * (1 - 1e-12) });
  const volts = Float64Array.from({ length: nPre * nPost }, (_, k) => {
    const siemens = conductance[k % nPost][Math.floor(k / nPost)];
    return ((siemens - gRefSiemens) * readVolts * pulseSeconds) / capacitanceFarad;
  });
  net.connect(lines, columns, { name: 'array', weight: volts, delay: `${dt} us` });
  net.record(columns, 'spikes');
  const simulation = new Simulation(buildPlan(net.freeze(), memristorCrossbar({ device: 'ideal-device' })));
  simulation.run(Math.max(...spikes.map(({ time }) => tickOf(time))));

  expectKnown(expected, ['outputSpikes', 'finalMembraneVolts', 'readEnergyJoules']);
  const { t, i } = simulation.recordedSpikes('columns');
  expectSame(
    Array.from(t, (tick, k) => ({ tick, neuron: i[k] })),
    (expected.outputSpikes as Fields[]).map(({ time, neuron }) => ({ tick: tickOf(time), neuron })),
    'outputSpikes',
  );
  expectNear(
    Array.from(simulation.state('columns', 'v')),
    expected.finalMembraneVolts,
    { relative: tolerance.membraneRelative, absolute: 1e-15 },
    'finalMembraneVolts',
  );
  const pulses = new Float64Array(nPre);
  for (const { line } of spikes) pulses[line]++;
  // every spike reads its line, reference cells of the shared column apart
  const heat = spikeReadHeat(conductance, pulses, { volts: readVolts, seconds: pulseSeconds }).reduce((sum, one) => sum + one, 0);
  if (expected.readEnergyJoules !== undefined) {
    expectNear(heat, expected.readEnergyJoules, { relative: tolerance.membraneRelative }, 'readEnergyJoules');
  }
}
