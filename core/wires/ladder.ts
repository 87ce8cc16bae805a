/**
 * One column with resistive wires, exactly, in O(cells). `ladder`: only the output line has resistance; silent inputs are grounded and sink
 * current. `gatedPair`: a 1T1R column with a supply line of its own beside the output line; a spike closes the switch of its row, all other cells
 * are disconnected, so the answer depends on which rows are on together.
 */

/**
 * Transfer conductances of the cells of one column, [cells] siemens: what a volt on one input adds to the sense current, all others at ground.
 * @param cells [cells] siemens, the farthest from the sense node first
 */
export function ladderTransfer(cells: ArrayLike<number>, ohmPerSegment: number, senseOhm = 0): Float64Array {
  const onwards = new Float64Array(cells.length);
  let arriving = 0;
  for (let k = 0; k < cells.length; k++) {
    arriving += cells[k];
    // share of what reaches node k that goes on towards the sense node
    onwards[k] = 1 / (1 + arriving * (k === cells.length - 1 ? ohmPerSegment + senseOhm : ohmPerSegment));
    arriving *= onwards[k];
  }
  const transfer = new Float64Array(cells.length);
  let reach = 1;
  for (let k = cells.length - 1; k >= 0; k--) {
    reach *= onwards[k];
    transfer[k] = cells[k] * reach;
  }
  return transfer;
}

/** Sense current of one column, amperes. @param volts [cells], 0 for silent inputs */
export function ladderCurrent(cells: ArrayLike<number>, volts: ArrayLike<number>, ohmPerSegment: number, senseOhm = 0): number {
  const transfer = ladderTransfer(cells, ohmPerSegment, senseOhm);
  let current = 0;
  for (let k = 0; k < transfer.length; k++) current += transfer[k] * volts[k];
  return current;
}

export interface GatedColumn {
  /** [rows] siemens of every cell of the column; row 0 is next to the supply, the last row next to the sense node. */
  readonly cells: ArrayLike<number>;
  /** Rows whose switches are closed, ascending. */
  readonly active: readonly number[];
  readonly supplyOhm: number;
  readonly outputOhm: number;
  readonly senseOhm?: number;
  readonly volts: number;
}

/**
 * Sense current of one gated column, amperes. Row r is r+1 supply segments from the supply and rows-r output segments from the sense node. The
 * walk goes from the first active row to the last and keeps the network behind it as three conductances between supply line, output line and
 * the source, star by star; O(active).
 */
export function gatedCurrent({ cells, active, supplyOhm, outputOhm, senseOhm = 0, volts }: GatedColumn): number {
  if (active.length === 0) return 0;
  // conductances of the network so far: source-supply node, source-output node, supply node-output node
  let [sourceSupply, sourceOutput, between] = [1 / ((active[0] + 1) * supplyOhm), 0, 0];
  for (const [n, row] of active.entries()) {
    between += cells[row];
    const last = n === active.length - 1;
    const segments = last ? cells.length - row : active[n + 1] - row;
    if (last) break;
    [sourceSupply, sourceOutput, between] = move(sourceSupply, sourceOutput, between, segments * supplyOhm, segments * outputOhm);
  }
  // beyond the last active row the supply line carries nothing, so its node goes
  const lastRow = active[active.length - 1];
  const through = Number.isFinite(sourceSupply) ? (sourceSupply * between) / (sourceSupply + between) : between;
  const source = sourceOutput + through;
  return (volts * source) / (1 + source * ((cells.length - lastRow) * outputOhm + senseOhm));
}

/** Carries both nodes over wires of the given resistances. Each node goes by its star; a wire of 0 ohm only renames it. */
function move(sourceSupply: number, sourceOutput: number, between: number, supplyOhm: number, outputOhm: number): [number, number, number] {
  let [a, b, c] = [sourceSupply, sourceOutput, between];
  if (Number.isFinite(a) && supplyOhm > 0) {
    const wire = 1 / supplyOhm;
    const sum = a + c + wire;
    [a, b, c] = [(a * wire) / sum, b + (a * c) / sum, (c * wire) / sum];
  }
  if (outputOhm > 0) {
    const wire = 1 / outputOhm;
    const sum = b + c + wire;
    // with an ideal supply the node of the supply line is the source itself
    if (Number.isFinite(a)) [a, b, c] = [a + (b * c) / sum, (b * wire) / sum, (c * wire) / sum];
    else [b, c] = [(b * wire) / sum, (c * wire) / sum];
  }
  return [a, b, c];
}
