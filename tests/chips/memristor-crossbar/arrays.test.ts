/** The periphery and the ways of writing, each against its closed form. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { conductanceForWeight, conductanceIgnoringAccess, weightReadBack } from '../../../chips/memristor-crossbar/access-device.ts';
import { accumulateThenProgram } from '../../../chips/memristor-crossbar/accumulate.ts';
import { analogProduct } from '../../../chips/memristor-crossbar/analog-product.ts';
import { convertSignMagnitude, convertUniform, roundHalfEven } from '../../../chips/memristor-crossbar/converters.ts';
import { halfSelectedCells, halfSelectJoules } from '../../../chips/memristor-crossbar/half-select.ts';
import { programmedWithError } from '../../../chips/memristor-crossbar/programming-error.ts';
import { coincidences, drawCoincidences, firingProbability, planTrains } from '../../../chips/memristor-crossbar/pulse-trains.ts';
import { signMagnitudeText, uniformText } from '../../../chips/memristor-crossbar/read-out.ts';
import { conductancesOf } from '../../../chips/memristor-crossbar/weights.ts';
import { resultOf } from './bench.ts';

const near = (a: number, b: number, relative = 1e-12): boolean => Math.abs(a - b) <= relative * Math.abs(b) + 1e-300;

test('placed in read current a weight reads back as itself; placed in conductance behind 15 kohm, 0 reads back as +0.57', () => {
  const cell = { gMax: 1 / 4710, gMin: 1 / (4710 * 19.8), accessOhm: 15e3 };
  for (const w of [-1, -0.3, 0, 0.9, 1]) assert.ok(Math.abs(weightReadBack(conductanceForWeight(w, cell), cell) - w) < 1e-14);
  assert.ok(Math.abs(weightReadBack(conductanceIgnoringAccess(0, cell), cell) - 0.5657) < 1e-4);
  const bare = { ...cell, accessOhm: 0 };
  assert.ok(near(conductanceForWeight(0.25, bare), conductanceIgnoringAccess(0.25, bare)));
});

test('converters round ties to the even code, and agree with the programs that run in the loop', () => {
  assert.equal([0.5, 1.5, 2.5, -0.5, -1.5, 0.49].map(roundHalfEven), [0, 2, 2, -0, -2, 0]);
  for (let value = -1.3; value < 1.3; value += 0.037) {
    const uniform = resultOf(uniformText('x', 'y', 5, -1, 1).join('\n'), { x: value }, 'y');
    assert.is(convertUniform(value, 5, -1, 1).value, uniform);
    const signed = resultOf(signMagnitudeText('x', 'y', 4, 1).join('\n'), { x: value }, 'y');
    assert.is(convertSignMagnitude(value, 4, 1).value, signed);
  }
  assert.is(convertSignMagnitude(0.01, 4, 1).value, 0);
});

test('without quantisation, bounds, or wire loss the analog product is the product; a bound is met by halving the input', () => {
  const weights = [
    [1, -2, 0.5],
    [0.25, 0, 3],
  ];
  const x = [0.5, 2, -4];
  const open = {
    inputSteps: 0,
    inputBound: 1,
    outputSteps: 0,
    outputBound: 1e9,
    boundManagement: true,
    irDropScale: 0,
    wireToDeviceConductanceRatio: 1e6,
  };
  const { y, passes } = analogProduct(weights, x, open);
  assert.equal([Array.from(y), passes], [[-5.5, -11.875], 1]);
  const bounded = analogProduct(weights, x, { ...open, outputBound: 1 });
  assert.equal([Array.from(bounded.y), bounded.passes], [[-5.5, -11.875], 3]);
  const clipped = analogProduct(weights, x, { ...open, outputBound: 1, boundManagement: false });
  assert.equal(Array.from(clipped.y), [-4, -4]);
  assert.equal(Array.from(analogProduct(weights, [0, 0, 0], open).y), [0, 0]);
});

test('an output that never leaves its bound ends bound management after eleven passes', () => {
  const weights = [[1e9]];
  const { passes } = analogProduct(weights, [1], {
    inputSteps: 0,
    inputBound: 1,
    outputSteps: 0,
    outputBound: 1,
    boundManagement: true,
    irDropScale: 0,
    wireToDeviceConductanceRatio: 1,
  });
  assert.is(passes, 11);
});

test('trains: mean change is -rate·x·d until the longest train saturates, and both lines share the work', () => {
  const options = { learningRate: 0.02, dwMin: 0.001, maxTrainLength: 31 };
  const trains = planTrains(1, 0.8, options);
  const [pInput, pError] = [firingProbability(0.5, trains.scaleForInputs), firingProbability(0.4, trains.scaleForErrors)];
  assert.ok(near(coincidences(trains.length, pInput, pError).mean * 0.001, 0.02 * 0.5 * 0.4));
  const long = planTrains(1, 10, options);
  assert.is(long.length, 31);
  assert.is(firingProbability(10, long.scaleForErrors), 1);
  assert.ok(near(firingProbability(1, long.scaleForInputs), 1));
  assert.equal(planTrains(0, 1, options).length, 0);
  const fixed = planTrains(1, 0.1, { ...options, pulseLengthManagement: false, updateManagement: false });
  assert.is(fixed.length, 31);
  assert.is(fixed.scaleForErrors, fixed.scaleForInputs);
});

test('coincidences are a function of seed, line and event, never more than the slots, and against the sign of x·d', () => {
  const trains = planTrains(1, 0.8, { learningRate: 0.02, dwMin: 0.001, maxTrainLength: 31 });
  const key = { seed: 3, stream: 5, event: 7 };
  const counts = drawCoincidences([1, -0.5, 0], [0.8, -0.2], trains, key);
  assert.equal(counts, drawCoincidences([1, -0.5, 0], [0.8, -0.2], trains, key));
  assert.is(counts[0], -trains.length);
  assert.ok(counts[1] >= 0 && counts[1] <= trains.length && counts[2] === 0 && counts[3] >= 0);
  assert.not.equal(counts, drawCoincidences([1, -0.5, 0], [0.8, -0.2], trains, { ...key, event: 8 }));
});

test('accumulate then program loses nothing: pulses and rest add up to what was asked', () => {
  let [rest, pulses, asked] = [0, 0, 0];
  for (let n = 0; n < 1000; n++) {
    const change = 0.013 * Math.sin(n * n);
    asked += change;
    const sent = accumulateThenProgram(rest, change, 0.01);
    assert.ok(Math.abs(sent.rest) < 0.01);
    rest = sent.rest;
    pulses += sent.pulses;
  }
  assert.ok(Math.abs(pulses * 0.01 + rest - asked) < 1e-12);
});

test('half-select: counted by hand for 3 x 4 cells, absent behind a transistor, a tenth behind a selector of ten', () => {
  assert.is(halfSelectedCells(3, 4, 1), 3 + 2);
  assert.is(halfSelectedCells(3, 4, 4), 8);
  const write = {
    rows: 3,
    columns: 4,
    selectedCells: 1,
    conductance: 1e-5,
    volts: 2,
    pulseSeconds: 1e-7,
    cellPitchMetres: 1e-7,
    wireFaradPerMetre: 2e-10,
  };
  const bare = halfSelectJoules({ ...write, access: 'none' });
  assert.ok(near(bare.selected, 4 * 1e-5 * 1e-7) && near(bare.halfSelected, 5 * 1e-5 * 1e-7));
  assert.ok(near(bare.rowWire, 4 * 2e-17 * 4) && near(bare.unselectedWires, 2 * 4 * 2e-17 + 3 * 3 * 2e-17));
  const gated = halfSelectJoules({ ...write, access: '1T1R' });
  assert.equal([gated.halfSelected, gated.unselectedWires], [0, 0]);
  assert.ok(near(halfSelectJoules({ ...write, access: 'selector', selectorNonlinearity: 10 }).halfSelected, bare.halfSelected / 10));
  assert.ok(near(halfSelectJoules({ ...write, access: 'none', pulses: 3 }).halfSelected, 3 * bare.halfSelected));
});

test('programming error of zero is exact, and a conductance never falls below 0', () => {
  const targets = Float64Array.of(1e-6, 5e-6);
  const key = { seed: 1, stream: 2, event: 3 };
  const off = { kind: 'independent', sigma: 0, gMin: 1e-6, gMax: 1e-5 } as const;
  assert.equal(programmedWithError(targets, off, key), targets);
  const wild = programmedWithError(new Float64Array(200).fill(1e-6), { ...off, sigma: 3 }, key);
  assert.ok(wild.every((g) => g >= 0) && wild.some((g) => g === 0));
});

test('siemens of the three mappings read back as the weight', () => {
  for (const w of [-1, -0.2, 0, 0.7]) {
    for (const mapping of ['one-sided', 'two-sided', 'reference'] as const) {
      const { plus, minus } = conductancesOf(mapping, w, 1e-6, 2e-5);
      const gain = mapping === 'reference' ? 2 : 1;
      assert.ok(Math.abs((gain * (plus - minus)) / 19e-6 - w) < 1e-14, `${mapping} ${w}`);
    }
  }
});

test.run();
