/**
 * Products with too many factors. The width of the factors shifts a product right before its exponent applies, so of small traces nothing is left, and
 * the largest coefficient cannot always give a shift back. In two steps each product is narrow:
 *
 *   dt = a · dependency · (some factors) - u0 · t        the tag holds a part of the product for one epoch
 *   dw = wanted/a · u0 · t · (the other factors)         and is used, and cleared, at the end of the next
 *
 * The other factors are read one epoch later, so traces among them have decayed by then; the weight comes first among them, because it stands still.
 * The tag is rounded stochastically: the mean is right, and the noise that of one unit of it.
 */
import type { RuleChange } from '../../core/chip-contract.ts';
import type { ChipFactor, ChipProduct, ChipRule, ChipVariable } from './chip-rule.ts';
import { COEFFICIENT_RANGE, nearestCoefficient, productShift } from './coefficients.ts';
import { productsText } from './legal-products.ts';
import { LOIHI } from './profile.ts';
import { typicalSize } from './rule-difference.ts';
import type { LoihiSettings } from './switches.ts';

export interface Staged {
  readonly products: readonly ChipProduct[];
  readonly variables: readonly ChipVariable[];
  /** The product that takes two steps, and by how much a weight change differs for it, in network units. */
  readonly staged?: ChipProduct;
  readonly difference: number;
}

const TAG_MAX = 2 ** (LOIHI.tagBits.value - 1) - 1;
/** A tag has room for so many spikes in each of its traces. */
const SPIKES = 3;

/** Whether nothing is left of the product at one spike each, or no coefficient is large enough. */
export function isTooWide(product: ChipProduct, chip: ChipRule): boolean {
  const { factors, wanted, shift, dependency } = product;
  if (shift === 0 || factors.length < 3 || dependency.kind === 'modulator' || factors.some(({ sgn }) => sgn)) return false;
  const isLost = LOIHI.coefficientMantissaMax.value * typicalSize(product, chip) < 2 ** shift;
  return isLost || Math.abs(wanted) * 2 ** shift > 1.06 * COEFFICIENT_RANGE.largest;
}

export function staged(chip: ChipRule, settings: LoihiSettings, changes: RuleChange[]): Staged {
  const { products, variables } = chip;
  const asItIs: Staged = { products, variables, difference: 0 };
  const wide = products.filter((product) => isTooWide(product, chip));
  const otherTimes = products.some(({ dependency }) => dependency.kind === 'u' && dependency.exponent > 0);
  if (wide.length !== 1 || variables.length > 0 || otherTimes) return asItIs;
  const [product] = wide;
  let best: { steps: readonly ChipProduct[]; difference: number; tag: readonly ChipFactor[] } | undefined;
  for (let pick = 1; pick < 2 ** product.factors.length - 1; pick++) {
    const split = inTwo(product, (nth) => (pick & (1 << nth)) !== 0, chip, settings);
    if (split !== undefined && (best === undefined || split.difference < best.difference)) best = split;
  }
  if (best === undefined) return asItIs;
  const { steps, difference, tag } = best;
  changes.push({
    from: `d${product.target}: ${productsText([{ ...product, ...nearestCoefficient(product.wanted, 0) }])}`,
    to: `two steps: the tag holds ${tag.map(({ name }) => name).join('*')} for one epoch, the rest is read at its end`,
    maxDifference: difference,
    over: `of the weight, per event with traces of one spike; the tag has room for ${SPIKES} spikes in each`,
  });
  return {
    products: [...products.filter((other) => other !== product), ...steps],
    variables: [{ target: 't', name: 't', initial: 0, scale: 1 }],
    staged: product,
    difference,
  };
}

function inTwo(
  product: ChipProduct,
  isInTag: (nth: number) => boolean,
  chip: ChipRule,
  settings: LoihiSettings,
): { steps: ChipProduct[]; difference: number; tag: readonly ChipFactor[] } | undefined {
  const tag = product.factors.filter((_, n) => isInTag(n));
  const rest = product.factors.filter((_, n) => !isInTag(n));
  // spikes are those of the first epoch, and the impulse that an offset takes off has decayed in the second
  if (rest.some(({ kind, offset }) => kind === 'spike' || (kind !== 'variable' && offset !== 0))) return undefined;
  if (tag.some(({ kind }) => kind === 'variable')) return undefined;
  const most = tag.reduce((all, factor) => all * largest(factor, chip), 1);
  const unit = 2 ** Math.floor(Math.log2(TAG_MAX / most));
  const first = withCoefficient({ ...product, target: 't', factors: tag, wanted: unit }, settings);
  const held: ChipFactor = { kind: 'variable', name: 't', offset: 0, sgn: false };
  const every = { kind: 'u', exponent: 0 } as const;
  const second = withCoefficient({ ...product, dependency: every, factors: [held, ...rest], wanted: product.wanted / unit }, settings);
  const clears = withCoefficient({ ...product, target: 't', dependency: every, factors: [held], wanted: -1 }, settings);
  if ([first, second].some(({ wanted, shift }) => !isLegal(Math.abs(wanted) * 2 ** shift))) return undefined;
  if (isTooWide(first, chip)) return undefined;
  // what the traces lose in the epoch, and what the two shifts cut off
  const kept = rest.reduce((all, { name }) => {
    const trace = chip.traces.find((one) => one.name === name);
    return trace === undefined ? all : all * (trace.perEpoch === true ? trace.decay : trace.decay ** chip.epochTicks);
  }, 1);
  const size = (one: ChipProduct): number => Math.abs(one.wanted) * typicalSize(one, chip);
  const lost = (one: ChipProduct): number => (one.shift === 0 ? 0 : 2 ** one.exponent);
  const restSize = (Math.abs(second.wanted) * typicalSize(second, chip)) / (2 ** LOIHI.weightMagnitudeBits.value - 1);
  const steps = (1 - kept) * size(product) + lost(first) * restSize + lost(second);
  return { steps: [first, second, clears], difference: steps / chip.weight.scale, tag };
}

function largest(factor: ChipFactor, chip: ChipRule): number {
  const { name, kind, offset } = factor;
  const trace = chip.traces.find((one) => one.name === name);
  if (kind === 'spike') return 1;
  return Math.min(LOIHI.traceMax.value, SPIKES * (trace?.impulse || LOIHI.traceMax.value)) + Math.abs(offset);
}

const isLegal = (size: number): boolean => size >= COEFFICIENT_RANGE.smallest && size <= COEFFICIENT_RANGE.largest;

function withCoefficient(product: ChipProduct, settings: LoihiSettings): ChipProduct {
  const shift = productShift(product.factors, settings.productScaling);
  const { mantissa, exponent } = nearestCoefficient(product.wanted * 2 ** shift, shift);
  return { ...product, shift, mantissa, exponent };
}
