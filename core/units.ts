/**
 * Physical quantities as users write them, `'20 ms'`, and as we compute with them: float64 in SI units. A bare number is never accepted for
 * a quantity, because the tools of this field disagree on its meaning (seconds, milliseconds, microseconds and steps are all in use).
 * The types reject a wrong unit when TypeScript compiles, `parseQuantity` does so for JSON. Units are case-sensitive: mS is not ms.
 */
import type { Problem } from './errors.ts';
import { didYouMean } from './errors.ts';

/** Per dimension: its units as powers of ten of the SI unit, the SI unit first. */
const UNITS = {
  time: { s: 0, ms: -3, us: -6, ns: -9 },
  voltage: { V: 0, mV: -3, uV: -6 },
  current: { A: 0, mA: -3, uA: -6, nA: -9, pA: -12 },
  conductance: { S: 0, mS: -3, uS: -6, nS: -9 },
  resistance: { ohm: 0, kohm: 3, Mohm: 6 },
  capacitance: { F: 0, uF: -6, nF: -9, pF: -12, fF: -15 },
  frequency: { Hz: 0, kHz: 3, MHz: 6 },
  energy: { J: 0, mJ: -3, uJ: -6, nJ: -9, pJ: -12, fJ: -15, aJ: -18 },
  power: { W: 0, mW: -3, uW: -6, nW: -9 },
  length: { m: 0, mm: -3, um: -6, nm: -9 },
  temperature: { K: 0 },
} as const satisfies Record<string, Record<string, number>>;

export type Dimension = keyof typeof UNITS;
export type UnitOf<D extends Dimension> = { [K in D]: Extract<keyof (typeof UNITS)[K], string> }[D];

/** The text of a quantity: a number, one space, a unit of its dimension. */
export type Quantity<D extends Dimension> = { [K in D]: `${number} ${UnitOf<K>}` }[D];

export type Time = Quantity<'time'>;
export type Voltage = Quantity<'voltage'>;
export type Current = Quantity<'current'>;
export type Conductance = Quantity<'conductance'>;
export type Resistance = Quantity<'resistance'>;
export type Capacitance = Quantity<'capacitance'>;
export type Frequency = Quantity<'frequency'>;
export type Energy = Quantity<'energy'>;
export type Power = Quantity<'power'>;
export type Length = Quantity<'length'>;
export type Temperature = Quantity<'temperature'>;

/** The unit to suggest when one is missing: what this field usually writes. */
const TYPICAL_UNIT: { readonly [D in Dimension]: UnitOf<D> } = {
  time: 'ms',
  voltage: 'mV',
  current: 'nA',
  conductance: 'nS',
  resistance: 'Mohm',
  capacitance: 'pF',
  frequency: 'Hz',
  energy: 'pJ',
  power: 'uW',
  length: 'um',
  temperature: 'K',
};

const QUANTITY = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+))?\s*([^\s\d.+-]\S*)?\s*$/;
const STARTS_WITH_NUMBER = /^\s*[+-]?\.?\d/;

/**
 * The SI value of a quantity's text, or what is wrong with it. The value is the float64 nearest to the decimal that was written: the unit's
 * power of ten is added to the decimal exponent before the one conversion to binary, so '20 ms' is 0.02 to the last bit.
 */
export function parseQuantity(text: unknown, dimension: Dimension, where: string): number | Problem {
  const problem = (message: string): Problem => ({
    code: 'E-UNIT',
    message,
    where: { path: where },
    got: describe(text),
    expected: dimension,
  });
  const example = `"20 ${TYPICAL_UNIT[dimension]}"`;
  const noun = withArticle(dimension);
  if (typeof text === 'number') {
    if (!Number.isFinite(text)) return problem(`is ${noun} such as ${example}, not ${text}`);
    return problem(`needs a unit - did you mean "${text} ${TYPICAL_UNIT[dimension]}"?`);
  }
  if (typeof text !== 'string') return problem(`is ${noun} such as ${example}, not ${describe(text)}`);

  const match = QUANTITY.exec(text);
  if (match === null) {
    return problem(
      STARTS_WITH_NUMBER.test(text)
        ? `is one number and one unit such as ${example}, not "${text}"`
        : `is ${noun} such as ${example}; "${text}" does not start with a number`,
    );
  }
  const [, mantissa, exponent = '0', writtenUnit] = match;
  if (writtenUnit === undefined) return problem(`needs a unit - did you mean "${text.trim()} ${TYPICAL_UNIT[dimension]}"?`);

  const power = powerOf(plainUnit(writtenUnit), dimension);
  if (power === undefined) {
    const other = dimensionOf(plainUnit(writtenUnit));
    if (other !== undefined) return problem(`is ${noun}; "${writtenUnit}" is ${withArticle(other)}`);
    const allowed = Object.keys(UNITS[dimension]);
    const near = didYouMean(writtenUnit, allowed);
    return problem(`has an unknown unit "${writtenUnit}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${allowed.join(', ')})`);
  }
  const value = Number(`${mantissa}e${Number(exponent) + power}`);
  return Number.isFinite(value) ? value : problem(`is too large: "${text}" is beyond the range of a float64`);
}

/**
 * A quantity for people: `digits` significant digits and the largest unit of its dimension that leaves at least one digit before the point,
 * `120 pJ`. With up to 15 digits `parseQuantity` reads the text back as the rounded number.
 */
export function formatQuantity(si: number, dimension: Dimension, digits = 3): string {
  const units = Object.entries<number>(UNITS[dimension]);
  const [siUnit] = units[0];
  const largestFirst = units.toSorted(([, a], [, b]) => b - a);
  return formatWith(si, digits, largestFirst, siUnit);
}

/** SI prefixes, largest first. */
const PREFIXES: readonly (readonly [prefix: string, power: number])[] = [
  ['T', 12],
  ['G', 9],
  ['M', 6],
  ['k', 3],
  ['', 0],
  ['m', -3],
  ['u', -6],
  ['n', -9],
  ['p', -12],
  ['f', -15],
  ['a', -18],
];

/** A number with an SI prefix before any unit at all, compound ones included: `formatSi(2.4e-11, 'J/update')` is `24 pJ/update`. */
export function formatSi(value: number, unit: string, digits = 3): string {
  return formatWith(
    value,
    digits,
    PREFIXES.map(([prefix, power]) => [prefix + unit, power]),
    unit,
  );
}

/** `units` are sorted by falling power of ten. Rounding comes first, so that 999.96 nJ becomes 1 uJ and not 1000 nJ. */
function formatWith(value: number, digits: number, units: readonly (readonly [unit: string, power: number])[], baseUnit: string): string {
  if (value === 0 || !Number.isFinite(value)) return `${value === 0 ? 0 : value} ${baseUnit}`;
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const [unit, power] = units.find(([, candidate]) => candidate <= Number(exponent)) ?? units[units.length - 1];
  return `${Number(`${mantissa}e${Number(exponent) - power}`)} ${unit}`;
}

function powerOf(unit: string, dimension: Dimension): number | undefined {
  const units: Readonly<Record<string, number>> = UNITS[dimension];
  return Object.hasOwn(units, unit) ? units[unit] : undefined;
}

function dimensionOf(unit: string): Dimension | undefined {
  return (Object.keys(UNITS) as Dimension[]).find((dimension) => powerOf(unit, dimension) !== undefined);
}

/** The typographic spellings of micro (two code points) and ohm (two code points) in the letters of our tables. */
function plainUnit(unit: string): string {
  return unit.replace(/^[\u00b5\u03bc]/, 'u').replace(/[\u2126\u03a9]$/, 'ohm');
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string'
    ? `"${value}"`
    : typeof value === 'object'
      ? 'an object'
      : typeof value === 'number'
        ? `${value}`
        : `a ${typeof value}`;
}
