/** A test bench for cells: one input, n neurons, and a rule that changes each synapse by what the host asks for. */
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { network } from '../../../core/network/builder.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../../core/program/check-types.ts';
import { evaluate, evaluateExpr } from '../../../core/program/evaluate.ts';
import type { Program } from '../../../core/program/ir.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { Simulation } from '../../../workers/simulation.ts';

export interface BenchOptions {
  readonly chip?: CrossbarOptions | ChipBackend;
  readonly n?: number;
  readonly weights?: number | Float64Array;
  readonly bounds?: readonly [number, number];
  readonly seed?: number;
  readonly precision?: 'f64' | 'f32';
  /** Spikes of the input, in ticks of 1 ms. */
  readonly spikes?: readonly number[];
}

export interface Bench {
  readonly simulation: Simulation;
  /** Asks every synapse for a change of its weight, then lets one tick pass. */
  change(by: number | Float64Array): void;
  readonly weights: () => Float64Array;
  readonly gPlus: () => Float64Array;
  readonly gMinus: () => Float64Array;
}

export const OFF: CrossbarOptions = {
  deviceToDevice: false,
  cycleToCycle: false,
  readNoise: false,
  writeNoise: false,
  programmingNoise: false,
  stuckCells: false,
  retention: false,
};

export function bench(options: BenchOptions = {}): Bench {
  const { chip = {}, n = 1, weights = 0, bounds = [-1, 1], seed = 1, precision = 'f64', spikes = [] } = options;
  const command = rule({ name: 'command', modulators: { change: { per: 'post', range: 1 } }, onModulator: 'w += change', bounds });
  const net = network({ dt: '1 ms', seed, precision });
  const source = net.input('source', 1, { times: spikes.map((tick) => `${tick} ms` as const), neurons: spikes.map(() => 0) });
  const cells = net.neurons('cells', n, { model: 'lif', tauMem: '20 ms', vThreshold: 1e9 });
  net.connect(source, cells, { name: 'array', weight: weights, delay: '1 ms', rule: command });
  const backend = 'profile' in chip ? chip : memristorCrossbar(chip);
  const simulation = new Simulation(buildPlan(net.freeze(), backend));
  const view = (name: string) => () => simulation.synapseVariable('array', name) as Float64Array;
  return {
    simulation,
    change: (by) => {
      simulation.modulate('array', { change: typeof by === 'number' ? new Float64Array(n).fill(by) : by });
      simulation.run(1);
    },
    weights: () => simulation.weights('array'),
    gPlus: view('gPlus'),
    gMinus: view('gMinus'),
  };
}

/** The value of an expression of the small language. */
export function calculate(text: string, values: Readonly<Record<string, number>>, normal = 0): number {
  const symbols = symbolTable(Object.keys(values).map((name) => ({ name, scope: 'constant', format: FLOAT64, writable: false })));
  return evaluateExpr(
    compileExpressionOrThrow(text, symbols, { title: 'test' }),
    (name) => values[name],
    () => normal,
  );
}

const compiled = new Map<string, Program>();

/** What a program of the small language leaves in a variable. Draws are 0. */
export function resultOf(text: string, values: Readonly<Record<string, number>>, result: string): number {
  const whole = `${text}\nout = ${result}`;
  const symbols = symbolTable([...Object.keys(values), 'out'].map((name) => ({ name, scope: 'neuron', format: FLOAT64, writable: true })));
  const program = compiled.get(whole) ?? compileOrThrow(whole, symbols, { title: 'test' });
  compiled.set(whole, program);
  let out = Number.NaN;
  evaluate(
    program,
    (name) => values[name],
    (_name, _scope, value) => {
      out = value;
    },
    () => 0,
  );
  return out;
}
