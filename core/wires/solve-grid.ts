/**
 * The exact state of a crossbar with resistive wires for one set of input voltages: every node, every cell current, every output current. The
 * elimination of eliminate.ts is noted and walked back; a node's voltage is the mean of its neighbours' weighted by conductance.
 */
import { createCrossLine, createMesh, createPanel, fillCrossLine, joinThroughCrossLine, moveAlong } from './eliminate.ts';
import type { Grid, Swept } from './grid.ts';
import { sweepOf } from './grid.ts';

export interface GridState {
  /** [outputs] amperes into the sense nodes */
  readonly outputCurrents: Float64Array;
  /** [outputs × inputs] volts of the input and of the output line at each crossing; amperes through each cell */
  readonly inputLineVolts: Float64Array;
  readonly outputLineVolts: Float64Array;
  readonly cellCurrents: Float64Array;
  /** [inputs] amperes out of each driver */
  readonly inputCurrents: Float64Array;
}

/** @param volts [inputs], 0 for silent lines */
export function solveGrid(grid: Grid, volts: ArrayLike<number>): GridState {
  const swept = sweepOf(grid);
  const { through, cross } = nodeVolts(swept, terminalVolts(grid, swept, volts));
  const { inputs, outputs, conductance } = grid;
  const { width, throughInputs } = swept;
  const at = (o: number, i: number): number => (throughInputs ? o * width + i : (inputs - 1 - i) * width + (outputs - 1 - o));
  const [inputLineVolts, outputLineVolts, cellCurrents] = [0, 1, 2].map(() => new Float64Array(inputs * outputs));
  const outputCurrents = new Float64Array(outputs);
  const inputCurrents = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const k = o * inputs + i;
      inputLineVolts[k] = throughInputs ? through[at(o, i)] : cross[at(o, i)];
      outputLineVolts[k] = throughInputs ? cross[at(o, i)] : through[at(o, i)];
      cellCurrents[k] = conductance[k] * (inputLineVolts[k] - outputLineVolts[k]);
      // nothing else leaves or enters a line, so the terminal carries the sum of its cells
      outputCurrents[o] += cellCurrents[k];
      inputCurrents[i] += cellCurrents[k];
    }
  }
  return { outputCurrents, inputLineVolts, outputLineVolts, cellCurrents, inputCurrents };
}

interface TerminalVolts {
  /** [width] at the start of the through lines; [steps] at the end of the cross lines */
  readonly start: Float64Array;
  readonly end: Float64Array;
}

function terminalVolts({ inputs }: Grid, { width, steps, throughInputs }: Swept, volts: ArrayLike<number>): TerminalVolts {
  if (throughInputs) return { start: Float64Array.from(volts), end: new Float64Array(steps) };
  return { start: new Float64Array(width), end: Float64Array.from({ length: steps }, (_, s) => volts[inputs - 1 - s]) };
}

/** Voltages of through and cross nodes, each [steps × width]. */
function nodeVolts(swept: Swept, { start, end }: TerminalVolts): { through: Float64Array; cross: Float64Array } {
  const { width, steps, throughOhm, startOhm } = swept;
  // two lumped terminals: conductance to the fixed voltages in all, and the current that they feed
  const mesh = createMesh(width, 1);
  const fed = createMesh(width, 1);
  const line = createCrossLine(width);
  const panel = createPanel(mesh);
  const notes = Array.from({ length: steps }, () => ({
    row: new Float64Array(width * width),
    sum: new Float64Array(width),
    fed: new Float64Array(width),
  }));
  for (let s = steps - 1; s >= 0; s--) {
    fillCrossLine(line, swept, s);
    const before = mesh.outside.slice();
    joinThroughCrossLine(mesh, line, 0);
    for (let j = 0; j < width; j++) fed.outside[j] += end[s] * (mesh.outside[j] - before[j]);
    const note = notes[s];
    moveAlong(mesh, s === 0 ? startOhm : throughOhm, 0, panel, (k, couplings, at, sum, wire) => {
      for (let i = 0; i < width; i++) note.row[k * width + i] = couplings[at + i];
      note.sum[k] = sum;
      note.fed[k] = fed.outside[k];
      for (let i = 0; i < width; i++) fed.outside[i] += (couplings[at + i] / sum) * note.fed[k];
      fed.outside[k] = (wire / sum) * note.fed[k];
    });
  }
  const through = new Float64Array(steps * width);
  const cross = new Float64Array(steps * width);
  let nearer: Float64Array = start;
  for (let s = 0; s < steps; s++) {
    const ohm = s === 0 ? startOhm : throughOhm;
    const own = through.subarray(s * width, (s + 1) * width);
    if (ohm === 0) own.set(nearer);
    else walkBack(own, nearer, notes[s], 1 / ohm);
    fillCrossLine(line, swept, s);
    crossVolts(cross.subarray(s * width, (s + 1) * width), own, line, swept, end[s]);
    nearer = own;
  }
  return { through, cross };
}

function walkBack(
  own: Float64Array,
  nearer: Float64Array,
  { row, sum, fed }: { row: Float64Array; sum: Float64Array; fed: Float64Array },
  wire: number,
): void {
  const width = own.length;
  for (let k = width - 1; k >= 0; k--) {
    let current = fed[k] + wire * nearer[k];
    for (let i = 0; i < k; i++) current += row[k * width + i] * nearer[i];
    for (let i = k + 1; i < width; i++) current += row[k * width + i] * own[i];
    own[k] = current / sum[k];
  }
}

/** Volts along a cross line whose crossings stand at `own`. */
function crossVolts(
  volts: Float64Array,
  own: Float64Array,
  { cells, sums, onward }: ReturnType<typeof createCrossLine>,
  swept: Swept,
  end: number,
): void {
  const { width, crossOhm, endOhm } = swept;
  const fed = new Float64Array(width);
  for (let k = 0; k < width; k++) fed[k] = cells[k] * own[k] + (k === 0 ? 0 : fed[k - 1] * onward[k - 1]);
  for (let k = width - 1; k >= 0; k--) {
    const next = k === width - 1 ? end : volts[k + 1];
    const ohm = k === width - 1 ? endOhm : crossOhm;
    volts[k] = ohm === 0 ? next : (fed[k] + next / ohm) / sums[k];
  }
}
