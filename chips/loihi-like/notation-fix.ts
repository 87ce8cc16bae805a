/**
 * The nearest legal rule to one in Loihi's notation. Asked for is what its products say when they are read as plain arithmetic, which is what Lava's
 * floating-point model makes of them. What stands in the way on the chip, and what is done:
 *
 *   texts that are no products of m·2^e     multiplied out and fitted (lenient-notation.ts)
 *   the uncompensated shift of wide products  the coefficient gives it back, as one or two m·2^e
 *   products that nothing is left of        left out
 *   u_k with several k                      brought to the smallest, a factor 2 per step
 *   an epoch beyond the counter             halved, with u_(k+1) for u_k
 *   changes below one step of the weight    gathered in the tag (gather.ts)
 */
import type { NearestRule, RuleChange } from '../../core/chip-contract.ts';
import type { LavaTarget } from '../../core/plasticity/lava-rule.ts';
import { parseLavaRule } from '../../core/plasticity/lava-rule.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { ChipFactor, ChipProduct, ChipRule } from './chip-rule.ts';
import { COEFFICIENT_RANGE, factorBits, formatScale, nearestCoefficient, productShift } from './coefficients.ts';
import { freeName } from './event-rule.ts';
import { gathered } from './gather.ts';
import { productsText, withLegalCoefficients } from './legal-products.ts';
import type { WrittenProduct } from './lenient-notation.ts';
import { readLeniently } from './lenient-notation.ts';
import type { RulePlace } from './lower-rule.ts';
import { chipWeight } from './lower-rule.ts';
import { TARGETS, toFactor, variablesOf } from './notation-rule.ts';
import { LOIHI } from './profile.ts';
import { typicalSize, writtenDifference } from './rule-difference.ts';
import type { LoihiSettings } from './switches.ts';
import { chipTraces } from './traces.ts';

/** Undefined where a text cannot be read in any way, names what the rule does not declare, or asks for more than the largest coefficients. */
export function nearestNotationRule(rule: PlasticityRule, place: RulePlace, settings: LoihiSettings): NearestRule | undefined {
  const changes: RuleChange[] = [];
  const weight = chipWeight(rule, place.scale, settings);
  const texts = readTexts(rule, [weight.low, weight.high], changes);
  const read = texts?.filter(({ isError }) => isError !== true);
  if (texts === undefined || read === undefined || read.some((product) => namesUndeclared(rule, product))) return undefined;
  const timed = withOneDecimation(withShortEpoch(rule, read, changes), changes);
  if (timed === undefined) return undefined;
  const written = timed.products.map((product) => toProduct(rule, product, settings)).filter(({ wanted }) => wanted !== 0);
  const alive = written.filter((product) => !isLost(product, changes));
  const chip: ChipRule = {
    title: `rule ${rule.name}`,
    weight,
    traces: chipTraces(rule, place.dt, settings),
    variables: variablesOf(rule, written),
    products: alive,
    epochTicks: timed.epochTicks,
    findings: [],
  };
  if (chip.traces.length < Object.keys(rule.traces).length) return undefined;
  const sums = gathered(chip, settings, changes);
  const products = sums.products.flatMap((product) => {
    const made = withLegalCoefficients(product, chip, changes);
    if (product.shift > 0 && made.length === 1) changes.push(shiftChange(product, made[0], chip));
    return made;
  });
  if (sums.products.some(({ wanted, shift }) => Math.abs(wanted) * 2 ** shift > 2 * COEFFICIENT_RANGE.largest)) return undefined;
  if (products.length === 0) return undefined;
  const fitted = texts
    .filter(({ isError, target }) => isError === true && target === 'dw')
    .map((product) => toProduct(rule, product, settings))
    .reduce((sum, product) => sum + (Math.abs(product.wanted) * typicalSize(product, chip)) / weight.scale, 0);
  const whole: ChipRule = { ...chip, products, variables: sums.variables };
  return {
    rule: changes.length === 0 ? rule : inNotation(rule, whole),
    changes,
    maxDifference: writtenDifference(rule, written, whole, sums.weightUnits, settings) + fitted,
  };
}

/** dw, dt and dd in this order; undefined if one of them cannot be read. */
function readTexts(rule: PlasticityRule, weight: readonly [number, number], changes: RuleChange[]): WrittenProduct[] | undefined {
  const products: WrittenProduct[] = [];
  for (const target of ['dw', 'dt', 'dd'] as const) {
    const text = rule.sumOfProducts?.[target];
    if (text === undefined) continue;
    const strict = parseLavaRule(target, text);
    if ('terms' in strict) {
      products.push(
        ...strict.terms.map(({ dependency, mantissa, exponent, factors }) => ({
          target,
          dependency,
          factors,
          coefficient: mantissa * 2 ** exponent,
        })),
      );
      continue;
    }
    const lenient = readLeniently(target, text, (name) => registerRange(name, weight));
    if (lenient === undefined) return undefined;
    changes.push({
      from: `${target} = ${text}`,
      to: 'products of m*2^e and variables',
      maxDifference: 0,
      over: 'the same, multiplied out; what the numbers lose is listed below',
    });
    changes.push(...lenient.changes);
    products.push(...lenient.products, ...lenient.errors);
  }
  return products;
}

function registerRange(name: string, weight: readonly [number, number]): readonly [number, number] {
  const tagMax = 2 ** (LOIHI.tagBits.value - 1) - 1;
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    w: weight,
    t: [-tagMax - 1, tagMax],
    d: [0, LOIHI.delayVariableMax.value],
    r1: [-LOIHI.rewardMax.value, LOIHI.rewardMax.value],
  };
  return ranges[name] ?? [0, LOIHI.traceMax.value];
}

const namesUndeclared = ({ traces, modulators }: PlasticityRule, { factors }: WrittenProduct): boolean =>
  factors.some(({ name }) =>
    /^[xy][123]$/.test(name) ? traces[name] === undefined : name === 'r1' && Object.keys(modulators).length === 0,
  );

interface Timed {
  readonly products: readonly WrittenProduct[];
  readonly epochTicks: number;
}

/** Half the epoch and twice the k mean the same time; products at spikes come in any epoch. */
function withShortEpoch({ epochTicks }: PlasticityRule, products: readonly WrittenProduct[], changes: RuleChange[]): Timed {
  const most = LOIHI.epochMax.value;
  if (epochTicks <= most) return { products, epochTicks };
  let halvings = 0;
  while (epochTicks / 2 ** halvings > most && epochTicks % 2 ** (halvings + 1) === 0) halvings++;
  const shorter = epochTicks / 2 ** halvings;
  if (shorter > most) return { products, epochTicks };
  changes.push({
    from: `an epoch of ${epochTicks} ticks`,
    to: `one of ${shorter}, and u${halvings} for u0`,
    maxDifference: 0,
    over: 'the same times; more spikes have a time of their own',
  });
  return {
    epochTicks: shorter,
    products: products.map((product) =>
      product.dependency.kind === 'u'
        ? { ...product, dependency: { kind: 'u', exponent: product.dependency.exponent + halvings } }
        : product,
    ),
  };
}

/** All u to the smallest k: as much in the same time, in smaller steps. Undefined if the times cannot be told by a digit. */
function withOneDecimation({ products, epochTicks }: Timed, changes: RuleChange[]): Timed | undefined {
  const used = [...new Set(products.flatMap(({ dependency }) => (dependency.kind === 'u' ? [dependency.exponent] : [])))].sort(
    (a, b) => a - b,
  );
  const [smallest = 0] = used;
  if (smallest > LOIHI.decimationMax.value || epochTicks > LOIHI.epochMax.value) return undefined;
  if (used.length < 2) return { products, epochTicks };
  changes.push({
    from: used.map((k) => `u${k}`).join(' and '),
    to: `u${smallest} everywhere, with ${used
      .slice(1)
      .map((k) => `1/${2 ** (k - smallest)} of the coefficient for u${k}`)
      .join(', ')}`,
    maxDifference: 0,
    over: 'the same over the longest of their times while the factors stand still',
  });
  return {
    epochTicks,
    products: products.map((product) => {
      if (product.dependency.kind !== 'u' || product.dependency.exponent === smallest) return product;
      const coefficient = product.coefficient / 2 ** (product.dependency.exponent - smallest);
      return { ...product, dependency: { kind: 'u', exponent: smallest }, coefficient };
    }),
  };
}

function toProduct(
  rule: PlasticityRule,
  { target, dependency, factors, coefficient }: WrittenProduct,
  settings: LoihiSettings,
): ChipProduct {
  const own = factors.map((factor) => toFactor(factor, Object.keys(rule.modulators)[0] ?? 'r1', (name) => freeName(name, rule)));
  const shift = productShift(own, settings.productScaling);
  return { target: TARGETS[target as LavaTarget], dependency, factors: own, mantissa: 1, exponent: 0, shift, wanted: coefficient };
}

/** The mantissa is multiplied before the shift, the exponent after it: with all factors and the mantissa at their largest nothing may be left. */
function isLost(product: ChipProduct, changes: RuleChange[]): boolean {
  const { factors, shift, target } = product;
  const largest = factors.reduce((all, factor) => all * largestValue(factor), LOIHI.coefficientMantissaMax.value);
  if (largest >= 2 ** shift) return false;
  changes.push({
    from: `d${target}: ${productsText([{ ...product, mantissa: 1, exponent: 0 }])}`,
    to: `nothing: the shift right by ${shift} leaves nothing of it`,
    maxDifference: 0,
    over: 'it never had an effect on the chip',
  });
  return true;
}

const largestValue = (factor: ChipFactor): number =>
  factor.sgn || factor.kind === 'spike' ? 1 : 2 ** factorBits(factor) - 1 + Math.abs(factor.offset);

function shiftChange(product: ChipProduct, made: ChipProduct, chip: ChipRule): RuleChange {
  const { target, shift, wanted } = product;
  return {
    from: `d${target}: ${productsText([{ ...product, ...nearestCoefficient(wanted, 0) }])}`,
    to: `${formatScale(made.mantissa, made.exponent)}, because the width of its factors shifts it right by ${shift}`,
    // what the shift cuts off is below one unit of the product, before its exponent
    maxDifference: 2 ** made.exponent / (target === 'w' ? chip.weight.scale : 1),
    over: `${target === 'w' ? 'of the weight' : `of ${target} in whole numbers`}, per event; leave it as it is if the shift was meant`,
  };
}

function inNotation(rule: PlasticityRule, chip: ChipRule): PlasticityRule {
  const texts = (['w', 't', 'd'] as const).flatMap((target) => {
    const own = chip.products.filter((product) => product.target === target);
    return own.length === 0 ? [] : [[`d${target}`, productsText(own)] as const];
  });
  return {
    ...rule,
    name: `${rule.name}, nearest on loihi-like`,
    code: {},
    sumOfProducts: Object.fromEntries(texts),
    epochTicks: chip.epochTicks,
  };
}
