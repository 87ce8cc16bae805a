/**
 * A passive crossbar with resistive wires, as data. Input line i is driven at output 0, through a driver and one wire segment, and passes the
 * outputs 0 … outputs-1; output line o passes the inputs 0 … inputs-1 and ends, through one segment and a sense resistance, in virtual
 * ground. Neighbouring crossings are one segment apart. Silent inputs are driven too, at 0 V. Cells are linear resistors.
 */

export interface WireOhms {
  /** Per segment of an input line and of an output line; 0 for ideal wires. */
  readonly inputOhm: number;
  readonly outputOhm: number;
  /** In series with the first segment of every input line, and with the last of every output line. */
  readonly driverOhm?: number;
  readonly senseOhm?: number;
}

export interface Grid extends WireOhms {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs × inputs], siemens; cell (o, i) at o·inputs + i. 0 where there is no cell. */
  readonly conductance: Float64Array;
}

/**
 * The same network seen by an elimination that sweeps over its lines: `steps` blocks of `width` nodes on the lines that run through all
 * blocks, and in each block one line that crosses them. The through lines begin, before block 0, at their terminals; the cross line ends at its
 * terminal behind node width-1. Sweeping along the shorter side keeps the dense part small.
 */
export interface Swept {
  readonly width: number;
  readonly steps: number;
  readonly throughOhm: number;
  /** Whole resistance from a terminal to block 0, and from the last cross node to its terminal. */
  readonly startOhm: number;
  readonly crossOhm: number;
  readonly endOhm: number;
  /** Whether through lines are the inputs (else the outputs, walked from their sense ends). */
  readonly throughInputs: boolean;
  /** Conductance of cell (step s, node j). */
  cell(s: number, j: number): number;
}

export function sweepOf({ inputs, outputs, conductance, inputOhm, outputOhm, driverOhm = 0, senseOhm = 0 }: Grid): Swept {
  if (inputs <= outputs) {
    return {
      width: inputs,
      steps: outputs,
      throughOhm: inputOhm,
      startOhm: inputOhm + driverOhm,
      crossOhm: outputOhm,
      endOhm: outputOhm + senseOhm,
      throughInputs: true,
      cell: (s, j) => conductance[s * inputs + j],
    };
  }
  return {
    width: outputs,
    steps: inputs,
    throughOhm: outputOhm,
    startOhm: outputOhm + senseOhm,
    crossOhm: inputOhm,
    endOhm: inputOhm + driverOhm,
    throughInputs: false,
    // both directions reversed: steps begin at the sense ends, cross lines end at their drivers
    cell: (s, j) => conductance[(outputs - 1 - j) * inputs + (inputs - 1 - s)],
  };
}
