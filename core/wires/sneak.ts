/**
 * Sneak currents: what one cell seems to carry when the lines that are not read float instead of being held at ground. Wires are ideal here; a line
 * is one node. Floating nodes are found by the elimination without subtraction of eliminate.ts, written out for a plain list of nodes. With
 * selectors the cells are no longer linear, I = G·V·(|v|/V)^(p-1)·sign(v) with 2^p the selector's ratio of currents at V and V/2; chord
 * conductances are then iterated to a fixed point.
 */

export interface SneakRead {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs × inputs] siemens at the read voltage */
  readonly conductance: Float64Array;
  /** The cell that is meant. */
  readonly input: number;
  readonly output: number;
  readonly volts: number;
  readonly unselected: 'grounded' | 'floating';
  /** Current of the selector at full over that at half voltage; 2 is a plain resistor. Infinity for a transistor that is off. */
  readonly selectorNonlinearity?: number;
}

export interface SneakCurrents {
  /** Amperes through the meant cell, and what the sense node gets besides. */
  readonly cell: number;
  readonly sneak: number;
}

const MOST_ROUNDS = 500;
const SETTLED = 1e-12;

export function sneakCurrents(read: SneakRead): SneakCurrents {
  const { inputs, outputs, conductance, input, output, volts, unselected, selectorNonlinearity = 2 } = read;
  const cell = conductance[output * inputs + input] * volts;
  // grounded lines feed nothing, and a transistor that is off passes nothing
  if (unselected === 'grounded' || selectorNonlinearity === Number.POSITIVE_INFINITY) return { cell, sneak: 0 };
  const power = Math.log2(selectorNonlinearity);
  const onInput = new Float64Array(inputs).fill(volts / 2);
  const onOutput = new Float64Array(outputs).fill(volts / 2);
  onInput[input] = volts;
  onOutput[output] = 0;
  const chord = (o: number, i: number): number => {
    const across = Math.abs(onInput[i] - onOutput[o]) / volts;
    return conductance[o * inputs + i] * (power === 1 ? 1 : Math.max(across, 1e-9) ** (power - 1));
  };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const change = relax(read, chord, onInput, onOutput, power === 1 ? 1 : 2 / (1 + power));
    if (change < SETTLED * volts || power === 1) break;
  }
  let sneak = 0;
  for (let i = 0; i < inputs; i++) if (i !== input) sneak += chord(output, i) * onInput[i];
  return { cell, sneak };
}

/** Solves the floating lines for the given chords and moves towards the answer. @returns the largest change of a voltage */
function relax(
  { inputs, outputs, input, output, volts }: SneakRead,
  chord: (o: number, i: number) => number,
  onInput: Float64Array,
  onOutput: Float64Array,
  step: number,
): number {
  const freeInputs = Array.from({ length: inputs }, (_, i) => i).filter((i) => i !== input);
  const freeOutputs = Array.from({ length: outputs }, (_, o) => o).filter((o) => o !== output);
  const n = freeInputs.length + freeOutputs.length;
  const between = new Float64Array(n * n);
  const fixed = new Float64Array(n);
  const fed = new Float64Array(n);
  for (const [a, i] of freeInputs.entries()) {
    fixed[a] = chord(output, i);
    for (const [b, o] of freeOutputs.entries()) {
      const at = freeInputs.length + b;
      between[a * n + at] = between[at * n + a] = chord(o, i);
    }
  }
  for (const [b, o] of freeOutputs.entries()) {
    const at = freeInputs.length + b;
    fixed[at] = chord(o, input);
    fed[at] = fixed[at] * volts;
  }
  const node = solveNodes(between, fixed, fed);
  let change = 0;
  const move = (values: Float64Array, k: number, to: number): void => {
    change = Math.max(change, Math.abs(to - values[k]));
    values[k] += step * (to - values[k]);
  };
  for (const [a, i] of freeInputs.entries()) move(onInput, i, node[a]);
  for (const [b, o] of freeOutputs.entries()) move(onOutput, o, node[freeInputs.length + b]);
  return change;
}

/** Voltages of nodes joined by `between` [n × n], held by `fixed` siemens to voltages that feed `fed` amperes. Works in place. */
function solveNodes(between: Float64Array, fixed: Float64Array, fed: Float64Array): Float64Array {
  const n = fixed.length;
  const sums = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let sum = fixed[k];
    for (let j = k + 1; j < n; j++) sum += between[k * n + j];
    sums[k] = sum;
    if (sum === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const share = between[k * n + i] / sum;
      if (share === 0) continue;
      fixed[i] += share * fixed[k];
      fed[i] += share * fed[k];
      for (let j = k + 1; j < n; j++) if (j !== i) between[i * n + j] += share * between[k * n + j];
    }
  }
  const volts = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    let current = fed[k];
    for (let j = k + 1; j < n; j++) current += between[k * n + j] * volts[j];
    volts[k] = sums[k] === 0 ? 0 : current / sums[k];
  }
  return volts;
}
