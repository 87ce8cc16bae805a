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

/** Nodes that are eliminated before the rest of the mesh is brought up to date: four sums per load and store. */
const PANEL = 4;

/** Scratch of `moveAlong`; rows of a panel, [PANEL × width] and [PANEL × terminals]. */
export interface Panel {
  /** Couplings of the panel's slots as they stand. */
  readonly rows: Float64Array;
  readonly outer: Float64Array;
  /** Couplings of each node when its turn came, 0 within the panel; and the same over its sum. */
  readonly gone: Float64Array;
  readonly shares: Float64Array;
  readonly goneOuter: Float64Array;
}

export const createPanel = ({ width, terminals }: Mesh): Panel => ({
  rows: new Float64Array(PANEL * width),
  outer: new Float64Array(PANEL * terminals),
  gone: new Float64Array(PANEL * width),
  shares: new Float64Array(PANEL * width),
  goneOuter: new Float64Array(PANEL * terminals),
});

/**
 * Called for each node before it goes. @param couplings [width] to the slots, from `at` on in its array; @param sum of all conductances, the wire to
 * the new node and those to terminals among them
 */
export type NodeNote = (k: number, couplings: Float64Array, at: number, sum: number, wire: number) => void;

/**
 * Moves the whole mesh one wire segment on.
 * @param from first terminal already joined; earlier ones have no couplings yet
 */
export function moveAlong(mesh: Mesh, ohm: number, from: number, panel: Panel, note?: NodeNote): void {
  if (ohm === 0) return;
  const { width } = mesh;
  for (let first = 0; first < width; first += PANEL) {
    const size = Math.min(PANEL, width - first);
    loadPanel(mesh, panel, first, size);
    for (let q = 0; q < size; q++) eliminateInPanel(mesh, panel, first, size, q, 1 / ohm, from, note);
    updateRest(mesh, panel, first, size, from);
    storePanel(mesh, panel, first, size);
  }
}

function loadPanel(
  { width, between, outside, terminals }: Mesh,
  { rows, outer, gone, shares, goneOuter }: Panel,
  first: number,
  size: number,
): void {
  for (const values of [gone, shares, goneOuter]) values.fill(0);
  for (let q = 0; q < size; q++) {
    const k = first + q;
    for (let i = 0; i < k; i++) rows[q * width + i] = between[k * width + i];
    rows[q * width + k] = 0;
    for (let i = k + 1; i < width; i++) rows[q * width + i] = between[i * width + k];
    for (let t = 0; t < terminals; t++) outer[q * terminals + t] = outside[k * terminals + t];
  }
}

/** Node `first + q` goes; the other rows of the panel are brought up to date, and its own slot becomes the new node. */
function eliminateInPanel(
  { width, terminals }: Mesh,
  { rows, outer, gone, shares, goneOuter }: Panel,
  first: number,
  size: number,
  q: number,
  wire: number,
  from: number,
  note: NodeNote | undefined,
): void {
  const k = first + q;
  const [own, ownOuter] = [q * width, q * terminals];
  let sum = wire;
  for (let i = 0; i < width; i++) sum += rows[own + i];
  for (let t = from; t < terminals; t++) sum += outer[ownOuter + t];
  note?.(k, rows, own, sum, wire);
  const passed = wire / sum;
  for (let r = 0; r < size; r++) {
    if (r === q) continue;
    const share = rows[r * width + k] / sum;
    const [row, rowOuter] = [r * width, r * terminals];
    for (let i = 0; i < width; i++) rows[row + i] += share * rows[own + i];
    for (let t = from; t < terminals; t++) outer[rowOuter + t] += share * outer[ownOuter + t];
    rows[row + first + r] = 0;
    rows[row + k] = passed * share * sum;
  }
  for (let i = 0; i < width; i++) {
    const coupling = rows[own + i];
    if (i < first || i >= first + size) {
      gone[own + i] = coupling;
      shares[own + i] = coupling / sum;
    }
    rows[own + i] = passed * coupling;
  }
  for (let t = from; t < terminals; t++) {
    goneOuter[ownOuter + t] = outer[ownOuter + t];
    outer[ownOuter + t] *= passed;
  }
}

/** What the nodes of the panel joined on their way out, for all slots outside it. */
function updateRest(
  { width, between, outside, terminals }: Mesh,
  { gone, shares, goneOuter }: Panel,
  first: number,
  size: number,
  from: number,
): void {
  const [b, c, d] = [width, 2 * width, 3 * width];
  const [bOuter, cOuter, dOuter] = [terminals, 2 * terminals, 3 * terminals];
  for (let i = 0; i < width; i++) {
    if (i >= first && i < first + size) continue;
    const [p, q, r, s] = [shares[i], shares[b + i], shares[c + i], shares[d + i]];
    const row = i * width;
    for (let j = 0; j < i; j++) between[row + j] += p * gone[j] + q * gone[b + j] + (r * gone[c + j] + s * gone[d + j]);
    const outer = i * terminals;
    for (let t = from; t < terminals; t++) {
      outside[outer + t] += p * goneOuter[t] + q * goneOuter[bOuter + t] + (r * goneOuter[cOuter + t] + s * goneOuter[dOuter + t]);
    }
  }
}

function storePanel({ width, between, outside, terminals }: Mesh, { rows, outer }: Panel, first: number, size: number): void {
  for (let q = 0; q < size; q++) {
    const k = first + q;
    for (let i = 0; i < k; i++) between[k * width + i] = rows[q * width + i];
    for (let i = k + 1; i < width; i++) between[i * width + k] = rows[q * width + i];
    for (let t = 0; t < terminals; t++) outside[k * terminals + t] = outer[q * terminals + t];
  }
}
