/** Recordings of currents through arrays with resistive wires. They carry no kind; their name says it. */
import { gatedCurrent, ladderCurrent } from '../../core/wires/ladder.ts';
import { polynomialIrDrop, seriesShortcut } from '../../core/wires/shortcuts.ts';
import { solveGrid } from '../../core/wires/solve-grid.ts';
import { addColumns, transferMatrix } from '../../core/wires/transfer.ts';
import { formula } from './formula.ts';
import { expectKnown, expectNear, largest, needed } from './near.ts';
import type { Fields, Recording } from './recording.ts';

/** [outputs × inputs] from a list of lists, else from the formula. */
function conductances({ conductance, conductanceFormula }: Fields, outputs: number, inputs: number): Float64Array {
  const at = (conductance ?? undefined) ? undefined : formula(needed(conductanceFormula, 'inputs.conductance or conductanceFormula'));
  return Float64Array.from({ length: outputs * inputs }, (_, k) => {
    const [o, i] = [Math.floor(k / inputs), k % inputs];
    return at === undefined ? conductance[o][i] : at({ o, i, n: inputs });
  });
}

function voltages({ voltages: given, voltageFormula }: Fields, n: number): Float64Array {
  if (given !== undefined && given !== null) return Float64Array.from(given as number[]);
  const at = formula(needed(voltageFormula, 'inputs.voltages or voltageFormula'));
  return Float64Array.from({ length: n }, (_, i) => at({ i, n }));
}

const listed = (values: Float64Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, r) => Array.from(values.subarray(r * width, (r + 1) * width)));

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0);

const SOURCE_SECONDS = 10e-9;

export function checkNetwork({ parameters, inputs: given, expected, tolerance }: Recording): void {
  const { outputs, inputs, driverOhm = 0, senseOhm = 0 } = parameters;
  const conductance = conductances(given, outputs, inputs);
  const volts = voltages(given, inputs);
  const grid = {
    inputs,
    outputs,
    conductance,
    inputOhm: needed<number>(parameters.inputWireOhmPerSegment, 'parameters.inputWireOhmPerSegment'),
    outputOhm: needed<number>(parameters.outputWireOhmPerSegment, 'parameters.outputWireOhmPerSegment'),
    driverOhm,
    senseOhm,
  };
  const state = solveGrid(grid, volts);
  const ideal = addColumns(conductance, volts, outputs);
  const relative = needed<number>(tolerance?.relativeToLargestCurrent ?? tolerance?.relative, 'tolerance.relativeToLargestCurrent');
  const current = { absolute: relative * largest(expected.outputCurrentsAmpere) };
  const losses = Float64Array.from(ideal, (one, o) => 1 - state.outputCurrents[o] / one);
  const computed: Fields = {
    outputCurrentsAmpere: state.outputCurrents,
    idealOutputCurrentsAmpere: ideal,
    cellCurrentsAmpere: listed(state.cellCurrents, inputs),
    inputLineNodeVolts: listed(state.inputLineVolts, inputs),
    outputLineNodeVolts: listed(state.outputLineVolts, inputs),
    totalCurrentLossFraction: 1 - total(state.outputCurrents) / total(ideal),
    worstColumnLossFraction: Math.max(...losses),
    sourceEnergyJoulesFor10ns: total(state.inputCurrents.map((amperes, i) => amperes * volts[i])) * SOURCE_SECONDS,
  };
  expectKnown(expected, Object.keys(computed));
  for (const [name, recorded] of Object.entries(expected)) {
    const allowed = name.endsWith('Ampere')
      ? current
      : name.endsWith('Volts')
        ? { absolute: relative * largest(volts) }
        : name.endsWith('Fraction')
          ? { absolute: relative }
          : { relative };
    expectNear(computed[name], recorded, allowed, name);
  }
  // the other way to the same currents: one column of the transfer matrix for each input
  expectNear(addColumns(transferMatrix(grid), volts, outputs), expected.outputCurrentsAmpere, current, 'currents by superposition');
}

function checkGated({ parameters, inputs: given, expected, tolerance }: Recording): void {
  const { outputs, inputs, supplyOhmPerSegment, outputOhmPerSegment, supplyVolts } = parameters;
  const conductance = conductances(given, outputs, inputs);
  const spikes = given.spikingRows;
  const fires = Array.isArray(spikes) ? undefined : formula(needed<string>(spikes, 'inputs.spikingRows'));
  const rows = Array.from({ length: inputs as number }, (_, i) => i);
  const active = fires === undefined ? (spikes as number[]) : rows.filter((i) => fires({ i, n: inputs }) !== 0);
  const columns = Array.from({ length: outputs as number }, (_, o) => conductance.subarray(o * inputs, (o + 1) * inputs));
  expectKnown(expected, ['outputCurrentsAmpere', 'idealOutputCurrentsAmpere']);
  const relative = needed<number>(tolerance?.relativeToLargestCurrent ?? tolerance?.relative, 'tolerance.relativeToLargestCurrent');
  const allowed = { absolute: relative * largest(expected.outputCurrentsAmpere) };
  const read = columns.map((cells) =>
    gatedCurrent({ cells, active, supplyOhm: supplyOhmPerSegment, outputOhm: outputOhmPerSegment, volts: supplyVolts }),
  );
  expectNear(read, expected.outputCurrentsAmpere, allowed, 'outputCurrentsAmpere');
  const ideal = columns.map((cells) => active.reduce((sum, i) => sum + cells[i] * supplyVolts, 0));
  expectNear(ideal, expected.idealOutputCurrentsAmpere ?? ideal, allowed, 'idealOutputCurrentsAmpere');
}

function checkUniform({ parameters, expected, tolerance }: Recording): void {
  const { size, cellSiemens, wireOhmPerSegment, volts } = parameters;
  const grid = {
    inputs: size,
    outputs: size,
    conductance: new Float64Array(size * size).fill(cellSiemens),
    inputOhm: wireOhmPerSegment,
    outputOhm: wireOhmPerSegment,
  };
  const driven = new Float64Array(size).fill(volts);
  const exact = solveGrid(grid, driven).outputCurrents;
  const computed: Fields = {
    exactFirstOutput: exact[0],
    exactLastOutput: exact[size - 1],
    exactTotal: total(exact),
    idealTotal: size * size * cellSiemens * volts,
    seriesShortcutTotal: total(seriesShortcut(grid, driven)),
  };
  expectKnown(expected, Object.keys(computed));
  for (const [name, recorded] of Object.entries(expected)) {
    const relative = name.startsWith('exact') ? tolerance.exactRelative : tolerance.shortcutRelative;
    expectNear(computed[name], recorded, { relative }, name);
  }
}

function checkLadder({ parameters, inputs: given, expected, tolerance }: Recording): void {
  const { cells: n, wireOhm } = parameters;
  const cells = conductances({ ...given, conductance: undefined }, 1, n);
  const volts = voltages(given, n);
  // the estimate speaks of weights and inputs: what it is relative to cancels out of everything but the wire ratio
  const [full, high] = [fullConductance(given.conductanceFormula) ?? largest(cells), fullVolts(given.voltageFormula) ?? largest(volts)];
  const weights = cells.map((siemens) => siemens / full);
  const x = volts.map((one) => one / high);
  const computed: Fields = {
    currentAmpere: ladderCurrent(cells, volts, wireOhm),
    idealAmpere: cells.reduce((sum, siemens, i) => sum + siemens * volts[i], 0),
    polynomialEstimateAmpere: full * high * polynomialIrDrop(weights, x, 1 / (wireOhm * full)),
  };
  expectKnown(expected, Object.keys(computed));
  for (const [name, recorded] of Object.entries(expected)) expectNear(computed[name], recorded, { relative: tolerance.relative }, name);
}

/** The factor before the bracket of `5e-06*(0.2+0.8*…)`, and the number before `V`, `*i` or ` where`. */
const fullConductance = (text: unknown): number | undefined => leadingNumber(text);
const fullVolts = (text: unknown): number | undefined => leadingNumber(text);
function leadingNumber(text: unknown): number | undefined {
  const found = /^\s*(?:\w+(?:\[\w+\])*\s*=\s*)?(\d+\.?\d*(?:e[-+]?\d+)?)/i.exec(String(text));
  return found === null ? undefined : Number(found[1]);
}

export const crossbarWireRecordings = {
  ir_drop: checkNetwork,
  ir_drop_gated: checkGated,
  ir_drop_uniform: checkUniform,
  ladder_column: checkLadder,
};
