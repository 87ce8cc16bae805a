/**
 * A kind of cell with one of its properties changed, as switches and ablations ask for it: other levels, straight steps, equal steps both ways, no
 * lowest conductance, wider or no spread.
 */
import type { Sourced } from '../../core/energy/energy-table.ts';
import type { Device, DeviceFigure } from './device-figures.ts';
import { figureOf, PULSED_LAWS, STEPWISE_LAWS } from './device-figures.ts';
import { nominalStep } from './device-models.ts';

/** Of gMax: what stands for a cell that conducts nothing at its lower bound, where laws divide by gMin. */
const NEXT_TO_NOTHING = 1e-9;

export const withFigure = (device: Device, figure: DeviceFigure, value: number, option: string): Device => ({
  ...device,
  figures: { ...device.figures, ...chosen([[figure, value]], option) },
});

/** Figures of the two directions that make a cell step alike both ways when they are equal. */
const DIRECTIONS: readonly (readonly [up: DeviceFigure, down: DeviceFigure])[] = [
  ['slopeUp', 'slopeDown'],
  ['growthUp', 'growthDown'],
  ['amplitudeUp', 'amplitudeDown'],
  ['powerUp', 'powerDown'],
  ['pulsesUp', 'pulsesDown'],
  ['labelUp', 'labelDown'],
];

/** Figures that must be 0 for that. */
const SKEWS: readonly DeviceFigure[] = ['upDown', 'shapeOffset'];

/** Up and down steps are mirror images: no skew, and for each pair of figures their mean. */
export function symmetric(device: Device): Device {
  const values = DIRECTIONS.flatMap(([up, down]): (readonly [DeviceFigure, number])[] => {
    if (device.figures[up] === undefined || device.figures[down] === undefined) return [];
    const middle = (figureOf(device, up) + figureOf(device, down)) / 2;
    return [
      [up, middle],
      [down, middle],
    ];
  });
  const skew = SKEWS.filter((name) => device.figures[name] !== undefined).map((name): readonly [DeviceFigure, number] => [name, 0]);
  const { table } = device;
  return {
    ...device,
    figures: { ...device.figures, ...chosen([...values, ...skew], 'asymmetry off') },
    ...(table && { table: mirrored(table) }),
  };
}

function mirrored({ up, down }: NonNullable<Device['table']>): NonNullable<Device['table']> {
  const last = up.length - 1;
  const middle = up.map((step, n) => (step + down[last - n]) / 2);
  return { up: middle, down: middle.toReversed() };
}

/** Whether its steps differ between the directions beyond what mirroring explains. */
export function isSymmetric(device: Device): boolean {
  const other = symmetric(device);
  const sameFigures = Object.keys(other.figures).every(
    (name) => figureOf(device, name as DeviceFigure) === figureOf(other, name as DeviceFigure),
  );
  return sameFigures && (device.table?.up.every((step, n) => step === other.table?.up[n]) ?? true);
}

export const isOpened = (device: Device): boolean => figureOf(device, 'gMin') <= figureOf(device, 'gMax') * NEXT_TO_NOTHING;

/** The lower bound conducts nothing. */
export const opened = (device: Device): Device =>
  withFigure(device, 'gMin', figureOf(device, 'gMax') * NEXT_TO_NOTHING, 'conductanceRange off');

/** `levels` pulses of nominal size cross the range, in both directions. */
export function withLevels(device: Device, levels: number | false | undefined): Device {
  if (levels === undefined) return device;
  if (levels === false) return { ...device, continuous: true };
  const width = figureOf(device, 'wMax') - figureOf(device, 'wMin');
  const changed: readonly (readonly [DeviceFigure, number])[] = PULSED_LAWS.includes(device.law)
    ? [['step', width / levels]]
    : [
        ['pulsesUp', levels],
        ['pulsesDown', levels],
      ];
  return { ...device, continuous: false, figures: { ...device.figures, ...chosen(changed, 'levels') } };
}

/** Every pulse is the nominal step, up and down as the device has them. */
export function straightened(device: Device): Device {
  if (device.law === 'constant') return device;
  if (PULSED_LAWS.includes(device.law) && !STEPWISE_LAWS.includes(device.law)) return { ...device, law: 'constant' };
  const width = figureOf(device, 'wMax') - figureOf(device, 'wMin');
  const { up, down } = nominalStep(device.law, (figure) => figureOf(device, figure));
  const upDown = up >= down ? 1 - down / up : up / down - 1;
  return {
    ...device,
    law: 'constant',
    figures: {
      ...device.figures,
      ...chosen(
        [
          ['step', width * Math.max(up, down)],
          ['upDown', upDown],
        ],
        'nonlinearity off',
      ),
    },
  };
}

const chosen = (values: readonly (readonly [DeviceFigure, number])[], option: string): Device['figures'] =>
  Object.fromEntries(
    values.map(([figure, value]): [string, Sourced] => [
      figure,
      { value, lo: value, hi: value, source: `option ${option}`, confidence: 'assumed' },
    ]),
  );

export function scaled(device: Device, names: readonly DeviceFigure[], factor: number): Device {
  if (factor === 1) return device;
  const figures = { ...device.figures };
  for (const name of names) {
    const figure = figures[name];
    if (figure !== undefined) figures[name] = { ...figure, value: figure.value * factor, lo: figure.lo * factor, hi: figure.hi * factor };
  }
  return { ...device, figures };
}
