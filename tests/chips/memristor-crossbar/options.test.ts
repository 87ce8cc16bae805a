/** Messages for choices that make no sense, each with what was given and what is allowed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEVICE_NAMES } from '../../../chips/memristor-crossbar/device-presets.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { readCrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { UserError } from '../../../core/errors.ts';

/** Messages for options that no type would let pass. */
function complaints(options: unknown): string[] {
  try {
    memristorCrossbar(options as CrossbarOptions);
  } catch (error) {
    assert.instance(error, UserError);
    return (error as Error).message.split('\n');
  }
  return [];
}

const names = DEVICE_NAMES.join(', ');

const CASES: readonly (readonly [name: string, options: unknown, messages: readonly string[]])[] = [
  [
    'an unknown device',
    { device: 'soft-bound' },
    [`memristorCrossbar.device unknown device "soft-bound" - did you mean "soft-bounds"? (${names})`],
  ],
  [
    'an unknown base',
    { device: { base: 'ecrm' } },
    [`memristorCrossbar.device.base unknown device "ecrm" - did you mean "ecram"? (${names})`],
  ],
  [
    'gMin above gMax',
    { device: { base: 'epiram', gMin: '20 uS' } },
    ['memristorCrossbar.device.gMin is 20 uS, but must be below gMax, which is 12.3 uS'],
  ],
  [
    'gMin equal to gMax',
    { device: { base: 'soft-bounds', gMin: '10 uS' } },
    ['memristorCrossbar.device.gMin is 10 uS, but must be below gMax, which is 10 uS'],
  ],
  [
    'a negative spread',
    { device: { base: 'soft-bounds', stepStd: -0.1 } },
    ['memristorCrossbar.device.stepStd is -0.1, but must be at least 0'],
  ],
  [
    'a conductance without unit',
    { device: { base: 'soft-bounds', gMax: 10 } },
    ['memristorCrossbar.device.gMax needs a unit - did you mean "10 nS"?'],
  ],
  [
    'a conductance of nothing',
    { device: { base: 'soft-bounds', gMin: '0 uS' } },
    ['memristorCrossbar.device.gMin is 0 S, but must be more than 0 S'],
  ],
  [
    'a figure of another law',
    { device: { base: 'soft-bounds', labelUp: 1 } },
    ['memristorCrossbar.device.labelUp means nothing for the law soft-bounds; it belongs to saturating-exponential'],
  ],
  [
    'a step as wide as the range',
    { device: { base: 'soft-bounds', step: 2.5 } },
    ['memristorCrossbar.device.step is 2.5, but must be smaller than the range wMin … wMax, which is 2 wide'],
  ],
  [
    'a soft bound at zero',
    { device: { base: 'soft-bounds', wMin: 0 } },
    [
      'memristorCrossbar.device.wMin is 0, but the law soft-bounds needs its zero inside the range',
      '  give wMin below 0 and wMax above 0, e.g. -1 and 1',
    ],
  ],
  [
    'a straight line as a label',
    { device: { base: 'epiram', labelUp: 0 } },
    [
      'memristorCrossbar.device.labelUp is 0, but a nonlinearity label lies between 0.01 and 9 in size',
      '  for a straight line use the law constant',
    ],
  ],
  [
    'reads that write',
    { device: { base: 'alox-hfo2', readVoltage: '0.6 V' } },
    ['memristorCrossbar.device.readVoltage is 600 mV, more than half the weakest write pulse of 900 mV: reads would write'],
  ],
  [
    'shares above one',
    { device: { base: 'soft-bounds', stuckOn: 0.6, stuckOff: 0.6 } },
    ['memristorCrossbar.device the shares stuckOn, stuckOff and stuckAnywhere add up to more than 1'],
  ],
  ['an unknown figure', { device: { base: 'ecram', slopUp: 1 } }, []],
  [
    'an unknown option',
    { devise: 'ecram' },
    [
      'memristorCrossbar has an unknown key "devise" - did you mean "device"? (device, deviceToDevice, cycleToCycle, readNoise, writeNoise, programmingNoise, stuckCells, retention, nonlinearity, asymmetry, conductanceRange, levels, writePolicy, mapping, periphery, adcBits, tileRows, tileColumns, tiles, deviceSet, access, selectorNonlinearity, wires, wireResistance, driverResistance, senseResistance, accessResistance, halfSelectDisturb, refreshWrites, refreshTicks, spareRows, spareColumns, slices, sliceBase, sliceLevels, bidirectional, adcLaw, converters, placement, trainLength, verifyTries, update, transferEvery, transferRate)',
    ],
  ],
  [
    'a switch below zero',
    { cycleToCycle: -1 },
    ['memristorCrossbar.cycleToCycle is -1, but must be true, false, or a factor of at least 0'],
  ],
  [
    'one level',
    { levels: 1 },
    ['memristorCrossbar.levels is 1, but must be a whole number of at least 2, or false for pulses of any size'],
  ],
  [
    'pulses of any size of a cell that has none',
    { device: 'pcm', levels: false },
    ['memristorCrossbar.levels is false, but the law exponential-step has no pulses of any size; only nonlinearity: false has'],
  ],
  [
    'start weights placed by conductance behind an access device',
    { device: 'gst-pcm', accessResistance: '15 kohm', placement: 'conductance' },
    [
      'memristorCrossbar.placement is "conductance", but behind 15 kohm a weight of 0 placed so reads back as 0.57 of full scale: the network would start with biased weights',
      '  leave it out: targets are placed so that the read current is linear in the weight',
    ],
  ],
  [
    'the resistance of a transistor that is not there',
    { access: 'none', accessResistance: '1 kohm' },
    [
      'memristorCrossbar.accessResistance is 1 kohm, but with access "none" there is no transistor that could have it',
      '  leave it out, or give access: "1T1R"',
    ],
  ],
  [
    'half-selected cells behind transistors',
    { halfSelectDisturb: 0.01 },
    [
      'memristorCrossbar.halfSelectDisturb is 0.01, but with a transistor at each crossing no cell is half-selected',
      '  leave it out, or give access: "none" or "selector"',
    ],
  ],
  [
    'a fraction of a pulse for a law without one',
    { device: 'pcm', access: 'none', halfSelectDisturb: 0.01 },
    ['memristorCrossbar.halfSelectDisturb is 0.01, but the law exponential-step has no answer to a fraction of a pulse', '  give 0'],
  ],
  [
    'a selector figure without a selector',
    { access: 'none', selectorNonlinearity: 10 },
    ['memristorCrossbar.selectorNonlinearity means nothing with access "none"', '  give access: "selector"'],
  ],
  [
    'a wire without unit',
    { wires: 'network', wireResistance: 2 },
    ['memristorCrossbar.wireResistance needs a unit - did you mean "2 Mohm"?'],
  ],
  [
    'a level of wires that does not exist',
    { wires: 'grid' },
    ['memristorCrossbar.wires unknown level of wire resistance "grid" (none, ladder, network)'],
  ],
  [
    'a spread in per cent',
    { device: { base: 'soft-bounds', readNoiseStd: '5 %' } },
    ['memristorCrossbar.device.readNoiseStd is "5 %", but a spread is a plain fraction - did you mean 0.05?'],
  ],
  [
    'a spread of 5 where 5 % must be meant',
    { device: { base: 'soft-bounds', programmingStd: 5 } },
    ['memristorCrossbar.device.programmingStd is 5, which is 500 % - spreads are fractions; did you mean 0.05 (5 %)?'],
  ],
  [
    'figures of a way of writing that was not chosen, and a pair that cannot be driven both ways',
    { trainLength: 8, transferRate: 0.5, writePolicy: 'verify', mapping: 'one-sided' },
    [
      'memristorCrossbar.trainLength means nothing without writePolicy: "trains"',
      '  give writePolicy: "trains"',
      'memristorCrossbar.transferRate means nothing without update: "two-array"',
      '  give update: "two-array"',
      'memristorCrossbar.writePolicy needs cells that can be driven both ways, which the mapping one-sided does not do',
      '  give mapping: "two-sided"',
    ],
  ],
  [
    'an unknown policy',
    { writePolicy: 'stochastik' },
    [
      'memristorCrossbar.writePolicy unknown write policy "stochastik" - did you mean "stochastic"? (accumulate, deterministic, stochastic, trains, verify)',
    ],
  ],
];

for (const [name, options, messages] of CASES) {
  test(`refused: ${name}`, () => {
    const found = complaints(options);
    if (messages.length > 0) assert.equal(found, messages);
    else assert.match(found[0], /^memristorCrossbar\.device has an unknown key "slopUp" - did you mean "slopeUp"\?/);
  });
}

test('all faults are reported at once', () => {
  assert.is(complaints({ device: 'x', levels: 0, mapping: 'pair', tiles: 0, extra: 1 }).length, 5);
});

test('a missing figure of an own cell is named', () => {
  const found = complaints({ device: { law: 'soft-bounds', step: 0.01, wMin: -1, gMin: '1 uS', gMax: '10 uS' } });
  assert.equal(found, [
    'memristorCrossbar.device.writeVoltageUp is missing; it needs a voltage with its unit',
    'memristorCrossbar.device.writeVoltageDown is missing; it needs a voltage with its unit',
    'memristorCrossbar.device.writeTimeUp is missing; it needs a time with its unit',
    'memristorCrossbar.device.writeTimeDown is missing; it needs a time with its unit',
    'memristorCrossbar.device.readVoltage is missing; it needs a voltage with its unit',
    'memristorCrossbar.device.readTime is missing; it needs a time with its unit',
  ]);
});

test('an own cell on top of a preset keeps the other figures and their sources', () => {
  const { device } = readCrossbarOptions({ device: { base: 'epiram', pulsesUp: 32, gMax: '20 uS' } });
  assert.is(device.name, 'epiram, changed');
  assert.is(device.figures.pulsesUp?.source, 'given by the user');
  assert.is(device.figures.gMax?.value, 20e-6);
  assert.match(device.figures.gMin?.source ?? '', /NeuroSim/);
});

test('off means zero: no spread is left of any preset', () => {
  for (const device of DEVICE_NAMES) {
    const settings = readCrossbarOptions({
      device,
      deviceToDevice: false,
      cycleToCycle: 0,
      readNoise: false,
      writeNoise: false,
      programmingNoise: false,
      stuckCells: false,
    });
    const left = Object.entries(settings.device.figures).filter(([name, figure]) => /Dtod$|Std$|^stuck/.test(name) && figure.value !== 0);
    assert.equal(left, [], device);
  }
});

test('nonlinearity off keeps the steps of the device, up and down', () => {
  const { device } = readCrossbarOptions({ device: 'ag-a-si', nonlinearity: false });
  assert.is(device.law, 'constant');
  assert.ok(Math.abs((device.figures.step?.value ?? 0) - 1 / 97) < 1e-15);
  assert.ok(Math.abs((device.figures.step?.value ?? 0) * (1 - (device.figures.upDown?.value ?? 0)) - 1 / 100) < 1e-15);
});

test.run();
