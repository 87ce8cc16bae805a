/** Runs the integer neuron's text through a compiled kernel, with inputs given per tick: what recordings of single populations hold. */
import type { IntegerNeuron } from '../../chips/loihi-like/neuron-text.ts';
import { advanceText, biasOf } from '../../chips/loihi-like/neuron-text.ts';
import { LOIHI } from '../../chips/loihi-like/profile.ts';
import type { LoihiSwitches } from '../../chips/loihi-like/switches.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../core/program/check-types.ts';
import { compileKernel } from '../../core/program/emit-js.ts';
import type { Binding, NumericArray } from '../../core/program/kernel.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import type { SymbolInfo } from '../../core/program/symbols.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { Recording } from './loihi-recordings.ts';
import { numbers } from './loihi-recordings.ts';

export interface NeuronRun {
  readonly arrays: Readonly<Record<string, NumericArray>>;
  /** @param input [n] summed weights that arrive in this tick; returns [n] spikes */
  tick(input: ArrayLike<number>): Uint8Array;
}

/** @param arrays [n] values by name: `u`, `v`, the input `a`, and whatever the neuron and the threshold name */
export function neuronRun(
  neuron: IntegerNeuron,
  overflow: LoihiSwitches['currentOverflow'],
  threshold: string,
  arrays: Readonly<Record<string, NumericArray>>,
  reset = 'v = 0',
): NeuronRun {
  const n = arrays.v.length;
  const symbols = symbolTable(Object.keys(arrays).map((name): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable: true })));
  const bindings = new Map(Object.entries(arrays).map(([name, array]): [string, Binding] => [name, { kind: 'array', array }]));
  const random = { seed: 1, stream: 1, itemBase: 0 };
  const program = compileOrThrow(advanceText(neuron, overflow), symbols, { title: 'advance' });
  const when = compileExpressionOrThrow(threshold, symbols, { title: 'threshold' });
  const fire = compileKernel({ name: 'fire', program, loop: { kind: 'fire', when }, bindings, random });
  const after = compileKernel({
    name: 'reset',
    program: compileOrThrow(reset, symbols, { title: 'reset' }),
    loop: { kind: 'list' },
    bindings,
    random,
  });
  const fired = new Int32Array(n);
  let tick = 0;
  return {
    arrays,
    tick(input) {
      tick++;
      for (let i = 0; i < n; i++) arrays.a[i] = input[i];
      const count = fire.run(0, n, tick, fired);
      after.run(fired, count, tick);
      const spikes = new Uint8Array(n);
      for (let c = 0; c < count; c++) spikes[fired[c]] = 1;
      return spikes;
    },
  };
}

/** A population in the parameters of Lava's recordings. */
export function lavaNeuron(parameters: Recording): NeuronRun {
  const { n, du, dv, vth, bias_mant, bias_exp, u = 0, v = 0 } = parameters;
  const mantissas = numbers(bias_mant, n);
  const exponents = numbers(bias_exp ?? 0, n);
  const neuron: IntegerNeuron = { currents: [{ variable: 'u', decay: String(du), input: 'a * 64' }], decayV: String(dv), bias: 'bias' };
  return neuronRun(neuron, 'lava', `v > ${vth} * ${LOIHI.weightUnit.value}`, {
    u: Int32Array.from(numbers(u, n)),
    v: Int32Array.from(numbers(v, n)),
    a: new Int32Array(n),
    bias: Int32Array.from(mantissas, (mantissa, i) => biasOf(mantissa, exponents[i])),
  });
}
