/**
 * Products as integer arithmetic, in text of the small language (Lava, LearningRuleApplierBitApprox). The accumulator has 7 fraction bits:
 *
 *   acc = value·2^7;  for each product, in order:  r = dependency · factors · m,  r >>= shift,  r <<= e + 7,  acc = clip(acc + r)
 *
 * with 32-bit words in between, and each factor clipped to its width. The wrap of a word is written only where the factors can reach it.
 */
import type { ChipFactor, ChipProduct, Dependency } from './chip-rule.ts';
import { factorBits } from './coefficients.ts';
import { givenRound } from './given-draws.ts';
import { literal } from './neuron-text.ts';
import { LOIHI } from './profile.ts';
import type { LoihiSwitches } from './switches.ts';

export const FRACTION = 2 ** LOIHI.accumulatorFraction.value;
const WORD = 2 ** 31;

/** Ends of the accumulator. Lava's lower end is one too low. */
export function accumulatorRange(saturation: LoihiSwitches['saturation']): { readonly low: number; readonly high: number } {
  if (saturation === 'none') return { low: -Infinity, high: Infinity };
  const half = 2 ** (LOIHI.accumulatorBits.value - 1);
  return { low: saturation === 'lava' ? -half - 1 : -half, high: half - 1 };
}

const AT = { x0: '_atPre', y0: '_atPost', u: '_atEnd', modulator: '' } as const;

/** Condition under which the product applies, or undefined if it always does. */
export function conditionText(dependency: Dependency, epochTicks: number): string | undefined {
  switch (dependency.kind) {
    case 'x0':
      return 'preTime > 0';
    case 'y0':
      return 'postTime > 0';
    case 'u':
      return dependency.exponent === 0 ? undefined : `wrapUnsigned(floor(tick / ${epochTicks}), ${dependency.exponent}) == 0`;
    case 'modulator':
      return undefined;
  }
}

/** Switches that decide what a product is. */
export type ProductSwitches = Pick<LoihiSwitches, 'saturation' | 'traceTime'> & Partial<Pick<LoihiSwitches, 'productNumbers'>>;

function valueText({ kind, name }: ChipFactor, dependency: Dependency, traceTime: LoihiSwitches['traceTime']): string {
  if (kind === 'spike') return name === 'x0' ? '(preTime > 0 ? 1 : 0)' : '(postTime > 0 ? 1 : 0)';
  return kind === 'pre-trace' || kind === 'post-trace'
    ? `${name}${traceTime === 'epoch-end' && dependency.kind !== 'modulator' ? AT.u : AT[dependency.kind]}`
    : name;
}

/** A factor with its constant, its sign if wanted, and its width; and how large it can get. */
function factorText(factor: ChipFactor, dependency: Dependency, traceTime: LoihiSwitches['traceTime']): { text: string; limit: number } {
  const { offset, sgn } = factor;
  const value = valueText(factor, dependency, traceTime);
  const shifted = offset === 0 ? value : `(${value} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)})`;
  if (sgn) return { text: `sign(${shifted})`, limit: 1 };
  const limit = 2 ** factorBits(factor);
  // a stored trace or variable cannot leave its width by itself
  if (offset === 0 && factor.kind !== 'modulator') return { text: shifted, limit };
  return { text: `clip(${shifted}, ${literal(-limit)}, ${limit - 1})`, limit };
}

/** One product in accumulator units, without its condition. */
export function productText(product: ChipProduct, { saturation, traceTime, productNumbers }: ProductSwitches): string {
  const { factors, dependency, mantissa, exponent, shift } = product;
  const { low, high } = accumulatorRange(saturation);
  if (productNumbers === 'real') {
    const values = factors.map((factor) => realFactor(factor, dependency, traceTime));
    return clipText([...values, literal(product.wanted * FRACTION)].join(' * '), low, high);
  }
  let text = '1';
  let limit = 1;
  const multiply = (by: string, most: number): void => {
    text = text === '1' ? by : by === '1' ? text : `${text} * ${by}`;
    limit *= most;
    if (limit < WORD) return;
    text = `wrap(${text}, 32)`;
    limit = WORD;
  };
  for (const factor of factors) {
    const { text: by, limit: most } = factorText(factor, dependency, traceTime);
    multiply(by, most);
  }
  multiply(literal(mantissa), Math.abs(mantissa));
  if (shift > 0) {
    text = `shr(${text}, ${shift})`;
    limit = Math.ceil(limit / 2 ** shift);
  }
  const left = exponent + LOIHI.accumulatorFraction.value;
  if (left > 0) multiply(String(2 ** left), 2 ** left);
  return limit <= high ? text : clipText(text, low, high);
}

/** A factor that no width clips. */
function realFactor(factor: ChipFactor, dependency: Dependency, traceTime: LoihiSwitches['traceTime']): string {
  const value = valueText(factor, dependency, traceTime);
  const shifted = factor.offset === 0 ? value : `(${value} ${factor.offset < 0 ? '-' : '+'} ${Math.abs(factor.offset)})`;
  return factor.sgn ? `sign(${shifted})` : shifted;
}

const clipText = (text: string, low: number, high: number): string =>
  high === Infinity ? text : `clip(${text}, ${literal(low)}, ${high})`;

/** Declares `acc_<target>_<n>` after each product and returns the lines and the last name. */
export function accumulateText(
  variable: string,
  products: readonly ChipProduct[],
  epochTicks: number,
  switches: ProductSwitches,
): { lines: string[]; result: string } {
  const { low, high } = accumulatorRange(switches.saturation);
  let result = `${variable} * ${FRACTION}`;
  const lines = products.map((product, n) => {
    const condition = conditionText(product.dependency, epochTicks);
    const text = productText(product, switches);
    const added = condition === undefined ? text : `(${condition} ? ${text} : 0)`;
    const name = `acc_${variable}_${n}`;
    const line = `let ${name} = ${clipText(`${result} + ${added}`, low, high)}`;
    result = name;
    return line;
  });
  return { lines, result };
}

/** A whole number (a multiple of `step`) from an accumulator. */
export function roundedText(accumulator: string, step: number, rounding: LoihiSwitches['rounding']): string {
  if (rounding === 'none') return `${accumulator} / ${FRACTION}`;
  const value = `${accumulator} / ${FRACTION * step}`;
  if (rounding === 'tape' || rounding === 'lava-stream') return step === 1 ? givenRound(value) : `${givenRound(value)} * ${step}`;
  const whole = { independent: `stochastic(${value})`, nearest: `round(${value})`, 'never-up': `floor(${value})` }[rounding];
  // an accumulator that holds a whole number draws nothing
  const text = rounding === 'independent' ? `(floor(${value}) == ${value} ? ${value} : ${whole})` : whole;
  return step === 1 ? text : `${text} * ${step}`;
}
