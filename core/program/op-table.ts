/**
 * One row per operation of the small language: how it is written, how its type follows from its arguments, what it costs, its emitted
 * JavaScript, its value, and the range of its result. Adding an operation is adding a row; the parser, the checker, the printer, the
 * evaluator, the emitter, the cost counter and the width arithmetic all read this table and know no operation by name except where its
 * notation or cost depends on a literal.
 *
 * Numbers: `value` works on doubles; truth values are 1 and 0. `emit` gives the same result bit for bit from argument texts that are names,
 * literals or bracketed expressions; truth values are JavaScript booleans there. Where an argument appears twice in the text, `atoms` asks
 * the emitter to give each argument a name first. Rounding to single precision is added around both by their callers.
 */
import { exp, isPowerOfTwo, log, MOST_EVENTS, poissonQuantile, power, powerOfTwo } from './elementary.ts';
import type { Interval } from './intervals.ts';
import {
  absInterval,
  addIntervals,
  joinIntervals,
  mapEnds,
  maxIntervals,
  minIntervals,
  multiplyIntervals,
  negateInterval,
  pointInterval,
  singleValue,
} from './intervals.ts';

export type CostClass = 'add' | 'mul' | 'div' | 'compare' | 'exp' | 'draw' | 'round';

/**
 * How types follow. `number`: numbers in, their common type out. `first`: the same, but only the first argument decides (the others are
 * counts of bits or draws). `compare`: numbers in, truth value out. `logic`: truth values. `choose`: truth value, then numbers. `single`, `double`: f32 or f64 out.
 */
export type TypeRule = 'number' | 'first' | 'compare' | 'logic' | 'choose' | 'single' | 'double';

export interface OpRow {
  readonly arity: number;
  readonly notation: 'infix' | 'prefix' | 'ternary' | 'call';
  /** What the user writes: `+`, `exp`. */
  readonly symbol: string;
  /** Higher binds tighter; calls have the highest. */
  readonly precedence: number;
  readonly types: TypeRule;
  readonly cost: CostClass;
  readonly atoms?: boolean;
  readonly emit: (...args: string[]) => string;
  readonly value: (...args: number[]) => number;
  /** Range of the result from those of the arguments; undefined where it is not a whole number of steps. */
  readonly range?: (...args: Interval[]) => Interval | undefined;
}

const CALL = 10;
const TRUTH: Interval = { low: 0, high: 1, fraction: 0 };
const truth = () => TRUTH;

type Common = 'types' | 'notation' | 'precedence' | 'cost';
type Rest = Omit<OpRow, 'arity' | 'symbol' | Common> & Partial<Pick<OpRow, Common>>;

const infix = (symbol: string, precedence: number, row: Rest): OpRow => ({
  arity: 2,
  notation: 'infix',
  symbol,
  precedence,
  types: 'number',
  cost: 'add',
  ...row,
});
const compare = (symbol: string, emitted: string, value: OpRow['value']): OpRow =>
  infix(symbol, 4, { types: 'compare', cost: 'compare', emit: (a, b) => `${a} ${emitted} ${b}`, value, range: truth });
const call = (symbol: string, arity: number, row: Rest): OpRow => ({
  arity,
  notation: 'call',
  symbol,
  precedence: CALL,
  types: 'number',
  cost: 'round',
  ...row,
});
const rounding = (symbol: string, row: { emit: OpRow['emit']; value: (x: number) => number }): OpRow =>
  call(symbol, 1, { ...row, range: (x) => mapEnds(x, row.value, row.value) });

const truthOf = (condition: boolean) => (condition ? 1 : 0);

/** x / 2^n as a product; the same number, since a power of two only moves the point. */
const shift = (x: number, n: number) => x * powerOfTwo(-n);

const wrapSigned = (x: number, bits: number) => x - powerOfTwo(bits) * Math.floor(shift(x + powerOfTwo(bits - 1), bits));
const wrapUnsigned = (x: number, bits: number) => x - powerOfTwo(bits) * Math.floor(shift(x, bits));

function wholeCount(n: Interval): number | undefined {
  const count = singleValue(n);
  return count !== undefined && Number.isInteger(count) && count >= 0 && count <= 1000 ? count : undefined;
}

/** Emits 2^k as a number where k is a literal, as a call elsewhere. */
function emitPower(bits: string, sign: 1 | -1, offset = 0): string {
  const k = Number(bits);
  if (bits.trim() !== '' && Number.isInteger(k)) {
    const value = powerOfTwo(sign * (k + offset));
    if (Number.isFinite(value)) return String(value);
  }
  return `powerOfTwo(${sign === 1 ? '' : '-'}(${bits}${offset === 0 ? '' : ` + ${offset}`}))`;
}

function powerRange(x: Interval, exponent: Interval): Interval | undefined {
  const n = wholeCount(exponent);
  if (n === undefined || n > 64) return undefined;
  let result: Interval = { low: 1, high: 1, fraction: 0 };
  for (let i = 0; i < n; i++) result = multiplyIntervals(result, x);
  return n > 0 && n % 2 === 0 ? maxIntervals(result, { low: 0, high: 0, fraction: 0 }) : result;
}

const ROWS = {
  add: infix('+', 5, { emit: (a, b) => `${a} + ${b}`, value: (a, b) => a + b, range: addIntervals }),
  sub: infix('-', 5, {
    emit: (a, b) => `${a} - ${b}`,
    value: (a, b) => a - b,
    range: (a, b) => addIntervals(a, negateInterval(b)),
  }),
  mul: infix('*', 6, { cost: 'mul', emit: (a, b) => `${a} * ${b}`, value: (a, b) => a * b, range: multiplyIntervals }),
  div: infix('/', 6, {
    cost: 'div',
    emit: (a, b) => `${a} / ${b}`,
    value: (a, b) => a / b,
    range: (a, b) => {
      const divisor = singleValue(b);
      const inverse = divisor !== undefined && isPowerOfTwo(divisor) ? pointInterval(1 / divisor) : undefined;
      return inverse && multiplyIntervals(a, inverse);
    },
  }),
  pow: infix('^', 8, { cost: 'exp', emit: (a, b) => `power(${a}, ${b})`, value: power, range: powerRange }),
  neg: {
    arity: 1,
    notation: 'prefix',
    symbol: '-',
    precedence: 7,
    types: 'number',
    cost: 'add',
    emit: (a) => `-${a}`,
    value: (a) => -a,
    range: negateInterval,
  },
  lt: compare('<', '<', (a, b) => truthOf(a < b)),
  le: compare('<=', '<=', (a, b) => truthOf(a <= b)),
  gt: compare('>', '>', (a, b) => truthOf(a > b)),
  ge: compare('>=', '>=', (a, b) => truthOf(a >= b)),
  eq: compare('==', '===', (a, b) => truthOf(a === b)),
  ne: compare('!=', '!==', (a, b) => truthOf(a !== b)),
  not: {
    arity: 1,
    notation: 'prefix',
    symbol: 'not',
    precedence: 3,
    types: 'logic',
    cost: 'compare',
    emit: (a) => `!${a}`,
    value: (a) => truthOf(a === 0),
    range: truth,
  },
  and: infix('and', 2, {
    types: 'logic',
    cost: 'compare',
    emit: (a, b) => `${a} && ${b}`,
    value: (a, b) => truthOf(a !== 0 && b !== 0),
    range: truth,
  }),
  or: infix('or', 1, {
    types: 'logic',
    cost: 'compare',
    emit: (a, b) => `${a} || ${b}`,
    value: (a, b) => truthOf(a !== 0 || b !== 0),
    range: truth,
  }),
  if: {
    arity: 3,
    notation: 'ternary',
    symbol: '?',
    precedence: 0,
    types: 'choose',
    cost: 'compare',
    emit: (condition, a, b) => `${condition} ? ${a} : ${b}`,
    value: (condition, a, b) => (condition !== 0 ? a : b),
    range: (_condition, a, b) => joinIntervals(a, b),
  },
  exp: call('exp', 1, { cost: 'exp', emit: (a) => `exp(${a})`, value: exp }),
  log: call('log', 1, { cost: 'exp', emit: (a) => `log(${a})`, value: log }),
  sqrt: call('sqrt', 1, { cost: 'div', emit: (a) => `Math.sqrt(${a})`, value: Math.sqrt }),
  abs: call('abs', 1, { cost: 'add', emit: (a) => `Math.abs(${a})`, value: Math.abs, range: absInterval }),
  sign: call('sign', 1, {
    cost: 'compare',
    emit: (a) => `Math.sign(${a})`,
    value: Math.sign,
    range: () => ({ low: -1, high: 1, fraction: 0 }),
  }),
  floor: rounding('floor', { emit: (a) => `Math.floor(${a})`, value: Math.floor }),
  ceil: rounding('ceil', { emit: (a) => `Math.ceil(${a})`, value: Math.ceil }),
  trunc: rounding('trunc', { emit: (a) => `Math.trunc(${a})`, value: Math.trunc }),
  /** Half rounds up, also below zero: round(-1.5) = -1. */
  round: rounding('round', { emit: (a) => `Math.floor(${a} + 0.5)`, value: (a) => Math.floor(a + 0.5) }),
  min: call('min', 2, { cost: 'compare', emit: (a, b) => `Math.min(${a}, ${b})`, value: (a, b) => Math.min(a, b), range: minIntervals }),
  max: call('max', 2, { cost: 'compare', emit: (a, b) => `Math.max(${a}, ${b})`, value: (a, b) => Math.max(a, b), range: maxIntervals }),
  /** clip(x, low, high); NaN stays NaN. */
  clip: call('clip', 3, {
    cost: 'compare',
    atoms: true,
    emit: (x, low, high) => `${x} < ${low} ? ${low} : ${x} > ${high} ? ${high} : ${x}`,
    // biome-ignore lint/complexity/useMathMinMax: the same text as is emitted
    value: (x, low, high) => (x < low ? low : x > high ? high : x),
    range: (x, low, high) => minIntervals(maxIntervals(x, low), joinIntervals(low, high)),
  }),
  /** shr(x, n) = floor(x / 2^n), the arithmetic shift of an integer machine. */
  shr: call('shr', 2, {
    types: 'first',
    emit: (x, n) => `Math.floor(${x} * ${emitPower(n, -1)})`,
    value: (x, n) => Math.floor(shift(x, n)),
    range: (x, n) => {
      const count = wholeCount(n);
      return count === undefined ? undefined : mapEnds({ ...x, fraction: x.fraction + count }, Math.floor, Math.floor);
    },
  }),
  /** wrap(x, bits): two's complement of that many bits, the sign included. */
  wrap: call('wrap', 2, {
    types: 'first',
    atoms: true,
    emit: (x, bits) => `${x} - ${emitPower(bits, 1)} * Math.floor((${x} + ${emitPower(bits, 1, -1)}) * ${emitPower(bits, -1)})`,
    value: wrapSigned,
    range: (_x, bits) => {
      const count = wholeCount(bits);
      return count === undefined ? undefined : { low: -(2 ** (count - 1)), high: 2 ** (count - 1) - 1, fraction: 0 };
    },
  }),
  wrapUnsigned: call('wrapUnsigned', 2, {
    types: 'first',
    atoms: true,
    emit: (x, bits) => `${x} - ${emitPower(bits, 1)} * Math.floor(${x} * ${emitPower(bits, -1)})`,
    value: wrapUnsigned,
    range: (_x, bits) => {
      const count = wholeCount(bits);
      return count === undefined ? undefined : { low: 0, high: 2 ** count - 1, fraction: 0 };
    },
  }),
  /** stochastic(x): rounds up with a probability equal to the fraction of x. The draw is its second argument; the checker adds it. */
  stochastic: call('stochastic', 2, {
    types: 'first',
    atoms: true,
    emit: (x, u) => `Math.floor(${x}) + (${u} < ${x} - Math.floor(${x}) ? 1 : 0)`,
    value: (x, u) => Math.floor(x) + truthOf(u < x - Math.floor(x)),
    range: (x) => mapEnds(x, Math.floor, Math.ceil),
  }),
  /** poisson(mean): a whole number drawn from Poisson's distribution, by inversion. The draw is its second argument; the checker adds it. */
  poisson: call('poisson', 2, {
    types: 'first',
    cost: 'exp',
    emit: (mean, u) => `poissonQuantile(${mean}, ${u})`,
    value: poissonQuantile,
    range: (mean) => (mean.low >= 0 && mean.high <= 700 * 2 ** mean.fraction ? { low: 0, high: MOST_EVENTS, fraction: 0 } : undefined),
  }),
  /** Round to single precision. */
  f32: call('f32', 1, { types: 'single', emit: (a) => `Math.fround(${a})`, value: Math.fround }),
  /** Count as double precision from here on; the number stays. */
  f64: call('f64', 1, { types: 'double', emit: (a) => a, value: (a) => a, range: (a) => a }),
} satisfies Record<string, OpRow>;

export type OpName = keyof typeof ROWS;

export const OPS: Readonly<Record<OpName, OpRow>> = ROWS;

export const OP_NAMES = Object.keys(ROWS) as OpName[];

/** By name as the user calls it; `if(c, a, b)` is the call form of `c ? a : b`. */
export const CALLABLE: ReadonlyMap<string, OpName> = new Map([
  ...OP_NAMES.filter((name) => OPS[name].notation === 'call').map((name) => [OPS[name].symbol, name] as const),
  ['if', 'if'] as const,
]);

/** Operations whose last argument is a draw that the user does not write. */
export const DRAWING_OPS: ReadonlySet<OpName> = new Set<OpName>(['stochastic', 'poisson']);

/** The draws are written as calls but are leaves of the tree, not operations. */
export const DISTRIBUTIONS = ['uniform', 'normal'] as const;
