/**
 * The transfer matrix of a crossbar with resistive wires: Geff[o][i] = current into the sense node of output o per volt on input i, all other
 * inputs at ground. The network is linear, so spikes superpose: one matrix per set of conductances, and each spike adds one column of it.
 * Cost: max·min³/2 + (max·min)²/2 multiplications for a grid of max × min cells.
 */
import { createCrossLine, createMesh, createPanel, fillCrossLine, joinThroughCrossLine, moveAlong } from './eliminate.ts';
import type { Grid } from './grid.ts';
import { sweepOf } from './grid.ts';

/** @returns [outputs × inputs] siemens, cell (o, i) at o·inputs + i */
export function transferMatrix(grid: Grid): Float64Array {
  const swept = sweepOf(grid);
  const { width, steps, throughOhm, startOhm, throughInputs } = swept;
  const mesh = createMesh(width, steps);
  const line = createCrossLine(width);
  const panel = createPanel(mesh);
  for (let s = steps - 1; s >= 0; s--) {
    fillCrossLine(line, swept, s);
    joinThroughCrossLine(mesh, line, s);
    moveAlong(mesh, s === 0 ? startOhm : throughOhm, s, panel);
  }
  const { inputs, outputs } = grid;
  const transfer = new Float64Array(inputs * outputs);
  for (let j = 0; j < width; j++) {
    for (let s = 0; s < steps; s++) {
      const [o, i] = throughInputs ? [s, j] : [outputs - 1 - j, inputs - 1 - s];
      transfer[o * inputs + i] = mesh.outside[j * steps + s];
    }
  }
  return transfer;
}

/** Currents into the sense nodes, [outputs], as sums over inputs in ascending order. @param volts [inputs] */
export function addColumns(transfer: Float64Array, volts: ArrayLike<number>, outputs: number): Float64Array {
  const inputs = volts.length;
  const currents = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) for (let i = 0; i < inputs; i++) currents[o] += transfer[o * inputs + i] * volts[i];
  return currents;
}

/**
 * The same array read the other way: outputs driven at their sense ends, currents taken at the inputs' drivers. A network of resistors is
 * reciprocal, so the matrix is the transpose, wires included, as long as every line keeps its terminal. @param volts [outputs]; @returns [inputs]
 */
export function addRows(transfer: Float64Array, volts: ArrayLike<number>, inputs: number): Float64Array {
  const currents = new Float64Array(inputs);
  for (let o = 0; o < volts.length; o++) for (let i = 0; i < inputs; i++) currents[i] += transfer[o * inputs + i] * volts[o];
  return currents;
}
