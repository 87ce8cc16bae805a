/** Recordings of the periphery and the use of arrays: weights, converters, reads, writes, products. They carry no kind; their name says it. */
import { conductanceForWeight, conductanceIgnoringAccess, weightReadBack } from '../../chips/memristor-crossbar/access-device.ts';
import { accumulateThenProgram } from '../../chips/memristor-crossbar/accumulate.ts';
import { analogProduct } from '../../chips/memristor-crossbar/analog-product.ts';
import { convertSignMagnitude, convertUniform } from '../../chips/memristor-crossbar/converters.ts';
import { adcSarColumn, adcSurveyJoules, pulseHeat } from '../../chips/memristor-crossbar/energy-table.ts';
import { halfSelectJoules } from '../../chips/memristor-crossbar/half-select.ts';
import type { ErrorKind } from '../../chips/memristor-crossbar/programming-error.ts';
import { ERROR_KINDS, programmedWithError } from '../../chips/memristor-crossbar/programming-error.ts';
import {
  changeByPulses,
  coincidences,
  drawCoincidences,
  firingProbability,
  planTrains,
} from '../../chips/memristor-crossbar/pulse-trains.ts';
import { columnCharge, lineChargeJoules, spikeReadHeat } from '../../chips/memristor-crossbar/spike-read.ts';
import { conductancesOf } from '../../chips/memristor-crossbar/weights.ts';
import { streamOf } from '../../core/random.ts';
import { Difference } from './compare.ts';
import { checkEventColumns } from './crossbar-events.ts';
import { crossbarTrainingRecordings } from './crossbar-training.ts';
import { crossbarWireRecordings } from './crossbar-wires.ts';
import { formula } from './formula.ts';
import { expectKnown, expectNear, largest, needed } from './near.ts';
import type { Family, Fields, Recording, RecordingFile } from './recording.ts';

const SEED = 1;

function checkAccessMapping({ parameters, inputs, expected, tolerance }: Recording): void {
  const { onOhm, onOffRatio, accessOhm } = parameters;
  const cell = { gMax: 1 / onOhm, gMin: 1 / (onOhm * onOffRatio), accessOhm };
  const weights: number[] = inputs.weights;
  const computed = {
    weightReadBackIfLinearInConductance: weights.map((w) => weightReadBack(conductanceIgnoringAccess(w, cell), cell)),
    conductanceForLinearCurrent: weights.map((w) => conductanceForWeight(w, cell)),
  };
  expectKnown(expected, Object.keys(computed));
  // conductances of microsiemens would all be near each other within an absolute allowance for weights
  expectNear(computed.conductanceForLinearCurrent, expected.conductanceForLinearCurrent, { relative: tolerance.relative }, 'conductance');
  expectNear(computed.weightReadBackIfLinearInConductance, expected.weightReadBackIfLinearInConductance, tolerance, 'weight read back');
  expectNear(
    weights.map((w) => weightReadBack(conductanceForWeight(w, cell), cell)),
    weights,
    tolerance,
    'weight placed in read current',
  );
}

function checkAccumulate({ parameters, inputs, expected, tolerance }: Recording): void {
  let rest = 0;
  const steps = (inputs.requestedChanges as number[]).map((change) => {
    const sent = accumulateThenProgram(rest, change, parameters.epsilon);
    rest = sent.rest;
    return { pulses: sent.pulses, residual: sent.rest };
  });
  const sum = (of: (pulses: number) => number): number => steps.reduce((all, { pulses }) => all + of(pulses), 0);
  const computed: Fields = { steps, totalPulses: sum((n) => n), totalAbsolutePulses: sum(Math.abs) };
  expectKnown(expected, Object.keys(computed));
  for (const [name, recorded] of Object.entries(expected)) {
    expectNear(computed[name], recorded, { absolute: name === 'steps' ? tolerance.absolute : 0 }, name);
  }
  expectNear(
    steps.map(({ pulses }) => pulses),
    expected.steps.map(({ pulses }: Fields) => pulses),
    {},
    'pulses',
  );
}

function checkUniformConverter({ parameters: { bits, min, max }, inputs, expected, tolerance }: Recording): void {
  const converted = (inputs.values as number[]).map((value) => convertUniform(value, bits, min, max));
  expectKnown(expected, ['values', 'codes']);
  expectNear(
    converted.map(({ value }) => value),
    expected.values,
    tolerance,
    'values',
  );
  expectNear(
    converted.map(({ code }) => code),
    expected.codes ?? converted.map(({ code }) => code),
    {},
    'codes',
  );
}

function checkSignMagnitude({ parameters: { bits, max }, inputs, expected, tolerance }: Recording): void {
  const values = (inputs.values as number[]).map((value) => convertSignMagnitude(value, bits, max).value);
  expectKnown(expected, ['values']);
  expectNear(values, expected.values, tolerance, 'values');
}

function checkSarEnergy({ parameters, inputs, expected, tolerance }: Recording): void {
  const table = (inputs.bits as number[]).map((bits) =>
    (inputs.nodesNm as number[]).map((node) =>
      (inputs.columnOhm as number[]).map((ohm) =>
        adcSarColumn(needed(parameters.coefficients[node], `coefficients for ${node} nm`), bits, ohm),
      ),
    ),
  );
  expectKnown(expected, ['table']);
  expectNear(table, expected.table, tolerance, 'table');
}

function checkSurveyEnergy({ inputs, expected, tolerance }: Recording): void {
  const table = (inputs.bits as number[]).map((bits) =>
    (inputs.nodesNm as number[]).map((node) => (inputs.ratesHz as number[]).map((rate) => adcSurveyJoules(bits, node, rate) * 1e12)),
  );
  expectKnown(expected, ['picoJoule']);
  expectNear(table, expected.picoJoule, tolerance, 'picoJoule');
}

/** [rows][columns] of a recording: the list itself, else the formula. */
function matrix({ weights, weightFormula, rows, columns }: Fields): number[][] {
  if (Array.isArray(weights)) return weights;
  const at = formula(needed<string>(weightFormula, 'inputs.weights or weightFormula'));
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, col) => at({ row, col, column: col })));
}

function checkForward({ parameters, inputs, expected, tolerance }: Recording): void {
  const at = Array.isArray(inputs.x) ? undefined : formula(needed<string>(inputs.inputFormula, 'inputs.x or inputFormula'));
  const x = at === undefined ? inputs.x : Array.from({ length: inputs.columns }, (_, j) => at({ j, n: inputs.columns }));
  const weights = matrix(inputs);
  const { y, passes } = analogProduct(weights, x, parameters);
  const computed: Fields = { y, passes, ideal: weights.map((row) => row.reduce((sum, w, j) => sum + w * x[j], 0)) };
  expectKnown(expected, Object.keys(computed));
  for (const [name, recorded] of Object.entries(expected)) {
    expectNear(computed[name], recorded, { absolute: name === 'passes' ? 0 : tolerance.absolute }, name);
  }
}

function checkTrainManagement({ inputs, expected, tolerance }: Recording): void {
  const cases = (inputs.cases as Fields[]).map(({ learningRate, dwMin, maxTrainLength, xMax, dMax }) => {
    const { length, scaleForErrors, scaleForInputs } = planTrains(xMax, dMax, { learningRate, dwMin, maxTrainLength });
    const probabilityErrorLine = firingProbability(dMax, scaleForErrors);
    const probabilityInputLine = firingProbability(xMax, scaleForInputs);
    const { mean, variance } = coincidences(length, probabilityInputLine, probabilityErrorLine);
    return {
      pulseTrainLength: length,
      scaleForErrors,
      scaleForInputs,
      probabilityErrorLine,
      probabilityInputLine,
      meanCoincidences: mean,
      varianceCoincidences: variance,
      meanWeightChangeMagnitude: mean * dwMin,
      idealWeightChangeMagnitude: learningRate * xMax * dMax,
    };
  });
  // a probability that rounds to just below 1 leaves a variance of one unit in the last place
  expectNear(cases, expected.cases, { relative: tolerance.relative, absolute: 1e-12 }, 'cases');
}

function checkStochasticUpdate({ parameters, inputs, expected, tolerance }: Recording): void {
  const { dwMin, cycleToCycle } = parameters;
  const { x, d, repeats } = inputs as { x: number[]; d: number[]; repeats: number };
  const trains = planTrains(largest(x), largest(d), parameters);
  expectKnown(expected, ['trainLength', 'meanWeightChange', 'stdWeightChange']);
  expectNear(trains.length, expected.trainLength, {}, 'trainLength');
  const stream = streamOf('golden/stochastic update');
  const sums = [0, 1].map(() => new Float64Array(x.length * d.length));
  for (let event = 0; event < repeats; event++) {
    const counts = drawCoincidences(x, d, trains, { seed: SEED, stream, event });
    for (const [k, pulses] of counts.entries()) {
      const change = changeByPulses(pulses, dwMin, cycleToCycle, { seed: SEED, stream, item: k, event });
      sums[0][k] += change;
      sums[1][k] += change * change;
    }
  }
  const share = Number(/[\d.]+/.exec(String(tolerance.meanAbsolute))?.[0] ?? Number.NaN);
  for (const [k, sum] of sums[0].entries()) {
    const [i, j] = [Math.floor(k / x.length), k % x.length];
    const [mean, std] = [sum / repeats, Math.sqrt(Math.max(0, sums[1][k] / repeats - (sum / repeats) ** 2))];
    const [meanRecorded, stdRecorded] = [expected.meanWeightChange[i][j], expected.stdWeightChange[i][j]];
    expectNear(mean, meanRecorded, { absolute: share * stdRecorded }, `mean of change [${i}][${j}]`);
    expectNear(std, stdRecorded, { relative: tolerance.stdRelative }, `std of change [${i}][${j}]`);
  }
}

function checkWeightMapping({ parameters: { gMin, gMax }, inputs, expected, tolerance }: Recording): void {
  const mappings = { oneSided: 'one-sided', twoSided: 'two-sided', offset: 'reference' } as const;
  expectKnown(expected, [...Object.keys(mappings), 'scaleBack']);
  for (const [name, mapping] of Object.entries(mappings)) {
    if (expected[name] === undefined) continue;
    const pairs = (inputs.weights as number[]).map((w) => conductancesOf(mapping, w, gMin, gMax));
    expectNear(
      pairs.map(({ plus, minus }) => [plus, minus]),
      expected[name],
      tolerance,
      name,
    );
  }
}

/** Product of a matrix whose pairs are programmed with error, over many programmings. */
function checkProductError({ parameters, inputs, expected, tolerance }: Recording, { name }: RecordingFile): void {
  const { sigma, onOffRatio } = parameters;
  const kind = ERROR_KINDS.find((one) => name.includes(one));
  if (kind === undefined) throw new Difference(`no such kind of error in the name ${name} (${ERROR_KINDS.join(', ')})`);
  const { outputs, inputs: n, repeats } = inputs;
  const at = formula(String(needed(inputs.weightFormula, 'inputs.weightFormula')).replace(/\s*\/\s*max\|\.\|.*$/, ''));
  const raw = Float64Array.from({ length: outputs * n }, (_, k) => at({ o: Math.floor(k / n), i: k % n }));
  const most = largest(raw);
  const weights = raw.map((value) => value / most);
  const inputAt = formula(needed<string>(inputs.inputFormula, 'inputs.inputFormula'));
  const x = Float64Array.from({ length: n }, (_, i) => inputAt({ i }));
  const { mean, std } = productSpread({ weights, x, outputs, repeats, kind, sigma, gMin: 1 / onOffRatio });
  expectKnown(expected, ['meanOutput', 'stdOutput', 'toolStdOutput']);
  for (let o = 0; o < outputs; o++) {
    expectNear(std[o], expected.stdOutput[o], { relative: tolerance.stdRelative }, `std of output ${o}`);
    expectNear(mean[o], expected.meanOutput[o], { absolute: tolerance.meanAbsoluteInStd * expected.stdOutput[o] }, `mean of output ${o}`);
  }
}

interface ProductError {
  readonly weights: Float64Array;
  readonly x: Float64Array;
  readonly outputs: number;
  readonly repeats: number;
  readonly kind: ErrorKind;
  readonly sigma: number;
  /** In units of gMax. */
  readonly gMin: number;
}

function productSpread({ weights, x, outputs, repeats, kind, sigma, gMin }: ProductError): { mean: Float64Array; std: Float64Array } {
  const pairs = Array.from(weights, (w) => conductancesOf('one-sided', w, gMin, 1));
  const targets = Float64Array.from(pairs.flatMap(({ plus, minus }) => [plus, minus]));
  const stream = streamOf('golden/programming');
  const [sum, squares] = [0, 1].map(() => new Float64Array(outputs));
  for (let event = 0; event < repeats; event++) {
    const held = programmedWithError(targets, { kind, sigma, gMin, gMax: 1 }, { seed: SEED, stream, event });
    for (let o = 0; o < outputs; o++) {
      let y = 0;
      for (let i = 0; i < x.length; i++) {
        const k = 2 * (o * x.length + i);
        y += (x[i] * (held[k] - held[k + 1])) / (1 - gMin);
      }
      sum[o] += y;
      squares[o] += y * y;
    }
  }
  const mean = sum.map((value) => value / repeats);
  return { mean, std: squares.map((value, o) => Math.sqrt(Math.max(0, value / repeats - mean[o] ** 2))) };
}

function checkProgramEnergy({ parameters, inputs, expected, tolerance }: Recording): void {
  const { pulses = 1 } = inputs;
  expectKnown(expected, ['joules']);
  for (const [device, recorded] of Object.entries(expected.joules as Record<string, Fields>)) {
    const cell = needed(parameters[device], `parameters.${device}`);
    const { Gmax, Gmin, VP, VD, tP, tD } = cell;
    const gate = gateFarad(cell);
    const joules = (volts: number, seconds: number, siemens: number): number =>
      gate === undefined ? pulseHeat(volts, seconds, siemens, siemens, pulses) : gate * volts * volts * pulses;
    const { kind: _kind, ...numbers } = recorded;
    const computed: Fields = {
      potentiationAtGmin: joules(VP, tP, Gmin),
      potentiationAtGmax: joules(VP, tP, Gmax),
      depressionAtGmin: joules(VD, tD, Gmin),
      depressionAtGmax: joules(VD, tD, Gmax),
      potentiation: joules(VP, tP, Gmax),
      depression: joules(VD, tD, Gmax),
    };
    expectKnown(numbers, Object.keys(computed));
    for (const [name, value] of Object.entries(numbers)) expectNear(computed[name], value, tolerance, `${device} ${name}`);
  }
}

/** Charge of the gate of a three-terminal cell, by whatever name the recording gives it. */
function gateFarad(cell: Fields): number | undefined {
  const name = Object.keys(cell).find((key) => /^(c?gate|gatecap)/i.test(key));
  return name === undefined ? undefined : cell[name];
}

function checkSpikeRead({ parameters, inputs, expected, tolerance }: Recording): void {
  const { readVolts, pulseSeconds, cellPitchMetres, wireFaradPerMetre, outputs, inputs: n } = parameters;
  const at = formula(needed<string>(inputs.conductanceFormula, 'inputs.conductanceFormula'));
  const conductance = Array.from({ length: outputs }, (_, o) => Float64Array.from({ length: n }, (_, i) => at({ o, i })));
  const pulse = { volts: readVolts, seconds: pulseSeconds };
  const heat = spikeReadHeat(conductance, inputs.spikes, pulse);
  const computed: Fields = {
    energyPerInputLineJoules: heat,
    wireEnergyPerSpikeJoules: lineChargeJoules(outputs, cellPitchMetres, wireFaradPerMetre, readVolts),
    totalDeviceJoules: heat.reduce((sum, one) => sum + one, 0),
    columnChargeCoulomb: columnCharge(conductance, inputs.spikes, pulse),
  };
  expectKnown(expected, Object.keys(computed));
  for (const [name, recorded] of Object.entries(expected)) expectNear(computed[name], recorded, tolerance, name);
}

function checkHalfSelect({ parameters, inputs, expected, tolerance }: Recording): void {
  const { pulses = 1 } = inputs;
  const bare = halfSelectJoules({ ...parameters, access: 'none', pulses });
  const gated = halfSelectJoules({ ...parameters, access: '1T1R', pulses });
  const computed: Fields = {
    selectedJoules: bare.selected,
    halfSelectedCrosspointJoules: bare.halfSelected,
    rowWireJoules: bare.rowWire,
    selectedColumnWireJoules: bare.selectedColumnWire,
    unselectedWiresCrosspointJoules: bare.unselectedWires,
  };
  expectKnown(expected, Object.keys(computed));
  for (const [name, recorded] of Object.entries(expected)) expectNear(computed[name], recorded, tolerance, name);
  expectNear([gated.halfSelected, gated.unselectedWires], [0, 0], {}, 'half-selected terms of a 1T1R array');
}

export const crossbarArrayRecordings: Family = {
  ...crossbarWireRecordings,
  ...crossbarTrainingRecordings,
  access_resistance_mapping: checkAccessMapping,
  accumulate_then_program: checkAccumulate,
  adc_uniform: checkUniformConverter,
  adc_sign_magnitude: checkSignMagnitude,
  adc_sar_energy: checkSarEnergy,
  adc_survey_energy: checkSurveyEnergy,
  aihw_forward: checkForward,
  aihw_pulse_train_management: checkTrainManagement,
  aihw_stochastic_update_stats: checkStochasticUpdate,
  weight_mapping: checkWeightMapping,
  mvm_error: checkProductError,
  program_pulse_energy: checkProgramEnergy,
  spike_read_energy: checkSpikeRead,
  lif_crossbar_events: checkEventColumns,
  write_half_select: checkHalfSelect,
};
