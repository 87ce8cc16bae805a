/**
 * Exact elimination of a resistor network, node by node (star to mesh): a node with conductances c_i to its neighbours and S in all is removed by
 * joining every pair of neighbours with c_i·c_j/S. Nothing is ever subtracted, so every conductance that comes out is right to a few units in the
 * last place, however small the wire resistances are against the cells. (The same argument as Grassmann, Taksar & Heyman, Operations Research
 * 33:1107, 1985, for Markov chains.)
 *
 * The mesh holds the nodes of one block. Eliminating block s+1 in favour of block s happens in place: slot k is the old node until it is
 * eliminated and the new node, one wire segment further, from then on.
 */
import type { Swept } from './grid.ts';

export interface Mesh {
  readonly width: number;
  /** [width × width] couplings between slots, lower triangle (row above column) */
  readonly between: Float64Array;
  /** [width × terminals] couplings of each slot to what stays: terminals of cross lines, in the order of their steps */
  readonly outside: Float64Array;
  readonly terminals: number;
}

export const createMesh = (width: number, terminals: number): Mesh => ({
  width,
  between: new Float64Array(width * width),
  outside: new Float64Array(width * terminals),
  terminals,
});

/** Products along one cross line; all [width]. */
export interface CrossLine {
  /** Conductance of each cell. */
  readonly cells: Float64Array;
  /** Sum of all conductances of cross node k when its turn comes, nodes before it gone. */
  readonly sums: Float64Array;
  /** Share of what reaches cross node k that goes on to the next. */
  readonly onward: Float64Array;
}

export const createCrossLine = (width: number): CrossLine => ({
  cells: new Float64Array(width),
  sums: new Float64Array(width),
  onward: new Float64Array(width),
});

/** Fills the products of the cross line of a step. `onward` of the last node is what its terminal takes. */
export function fillCrossLine(line: CrossLine, swept: Swept, s: number): void {
  const { width, crossOhm, endOhm } = swept;
  const { cells, sums, onward } = line;
  let arriving = 0;
  for (let k = 0; k < width; k++) {
    const ohm = k === width - 1 ? endOhm : crossOhm;
    cells[k] = swept.cell(s, k);
    arriving += cells[k];
    // a wire without resistance passes everything on
    if (ohm === 0) {
      sums[k] = Number.POSITIVE_INFINITY;
      onward[k] = 1;
      continue;
    }
    const wire = 1 / ohm;
    sums[k] = arriving + wire;
    onward[k] = wire / sums[k];
    arriving *= onward[k];
  }
}

/** Adds to the mesh what the cross line of a step joins: pairs of through nodes, and each of them to the terminal. */
export function joinThroughCrossLine(mesh: Mesh, line: CrossLine, terminal: number): void {
  const { width, between, outside, terminals } = mesh;
  const { cells, sums, onward } = line;
  // held[j]: what comes back to a unit at cross node j from all nodes from j on; behind a perfect conductor nothing is held at the node itself
  let held = 0;
  const back = new Float64Array(width);
  for (let j = width - 1; j >= 0; j--) {
    held = 1 / sums[j] + onward[j] * onward[j] * held;
    back[j] = held;
  }
  let reach = 0;
  for (let j = width - 1; j >= 0; j--) {
    reach = onward[j] * (j === width - 1 ? 1 : reach);
    outside[j * terminals + terminal] += cells[j] * reach;
  }
  for (let i = 0; i < width; i++) {
    let arrived = cells[i];
    for (let j = i + 1; j < width; j++) {
      arrived *= onward[j - 1];
      between[j * width + i] += arrived * cells[j] * back[j];
    }
  }
}

/**
 * Moves the whole mesh one wire segment on. `neighbours` [width] is scratch.
 * @param from first terminal already joined; earlier ones have no couplings yet
 * @param note called for each node before it goes, with its conductances to the slots and to the new node, and their sum with all terminals
 */
export function moveAlong(
  mesh: Mesh,
  ohm: number,
  from: number,
  neighbours: Float64Array,
  note?: (k: number, sum: number, wire: number) => void,
): void {
  if (ohm === 0) return;
  const { width, between, outside, terminals } = mesh;
  const wire = 1 / ohm;
  for (let k = 0; k < width; k++) {
    let sum = wire;
    for (let i = 0; i < k; i++) sum += neighbours[i] = between[k * width + i];
    neighbours[k] = 0;
    for (let i = k + 1; i < width; i++) sum += neighbours[i] = between[i * width + k];
    const own = k * terminals;
    for (let t = from; t < terminals; t++) sum += outside[own + t];
    note?.(k, sum, wire);
    for (let i = 0; i < width; i++) {
      const share = neighbours[i] / sum;
      if (share === 0) continue;
      const row = i * width;
      for (let j = 0; j < i; j++) between[row + j] += share * neighbours[j];
      const outer = i * terminals;
      for (let t = from; t < terminals; t++) outside[outer + t] += share * outside[own + t];
    }
    const passed = wire / sum;
    for (let i = 0; i < k; i++) between[k * width + i] = passed * neighbours[i];
    for (let i = k + 1; i < width; i++) between[i * width + k] = passed * neighbours[i];
    for (let t = from; t < terminals; t++) outside[own + t] *= passed;
  }
}
