/**
 * Where Lava, and in part the chip, does something else than a rule's text and parameters say. Each finding says in words what happens, with the
 * numbers, and what to write instead. None of them stops a rule: a rule may rely on any of this.
 */
import type { Violation } from '../../../core/chip-contract.ts';
import { formatScale, scaled } from '../coefficients.ts';
import type { SignMode } from '../weights.ts';
import { truncateWeight, weightRange, weightStep } from '../weights.ts';
import { factorWidth, lavaShift } from './arithmetic.ts';
import type { LavaFactor, LavaProduct, LavaSeries } from './compat-parser.ts';
import type { Matrix } from './connection.ts';
import type { LavaRuleParameters, LavaRuleSet } from './rule-set.ts';
import { LAVA_TRACES, literalValue, readLavaRuleSet } from './rule-set.ts';

export const LAVA_TRAPS = 'lava-traps';

function warning(code: string, message: string, hint: string): Violation {
  return { severity: 'warning', designRule: LAVA_TRAPS, code, message, hint };
}

/** Everything about a rule in Lava's parameters. Texts that Lava misreads are read as Lava does, and said. */
export function lavaFindings(parameters: LavaRuleParameters, title = 'rule'): Violation[] {
  const rule = readLavaRuleSet(parameters, 'lava-compat');
  return [
    ...rule.series.flatMap((series) => readingFindings(series, title)),
    ...shiftFindings(rule.series, title, lavaShift),
    ...deadFindings(rule.series, title, lavaShift),
    ...thirdFactorFindings(rule, title),
    ...traceFindings(rule, title),
    ...epochFindings(rule, title),
    ...delayVariableFindings(rule.series, title),
    ...saturationFindings(rule.series, title),
    ...seedFindings(parameters.rng_seed, title),
  ];
}

function readingFindings({ target, readings }: LavaSeries, title: string): Violation[] {
  return readings.map((reading) =>
    warning(
      'W-LOIHI-READING',
      `${title}, ${target}: Lava reads something else: ${reading}`,
      'write what is meant; strict parsing refuses it',
    ),
  );
}

/** 3*2^-4*x0*(w - 20); a scale of 1 is left out */
export function productText({ dependency, decimation, mantissa, exponent, factors }: LavaProduct): string {
  const shown = factors.map(({ name, constant = 0, sgn }: LavaFactor) => {
    const sum = constant === 0 ? name : `${name} ${constant < 0 ? '-' : '+'} ${Math.abs(constant)}`;
    return sgn ? `sgn(${sum})` : constant === 0 ? sum : `(${sum})`;
  });
  return scaled(mantissa, exponent, [`${dependency}${decimation ?? ''}`, ...shown]);
}

/** The product shift: what the width of the factors costs, and nothing gives back. */
export function shiftFindings(
  series: readonly LavaSeries[],
  title: string,
  shiftOf: (factors: readonly LavaFactor[]) => number,
): Violation[] {
  return eachProduct(series, (target, product) => {
    const shift = shiftOf(product.factors);
    if (shift === 0 || isDead(product, shift)) return [];
    const bits = product.factors.reduce((sum, { name }) => sum + factorWidth(name), 0);
    const compensated = product.exponent + shift;
    return [
      warning(
        'W-LOIHI-PRODUCT-SHIFT',
        `${title}, ${target}: the factors of ${productText(product)} take ${bits} bits, so it is shifted right by ${shift} and has 1/${2 ** shift} of its written effect`,
        compensated <= 8
          ? `write ${productText({ ...product, exponent: compensated })} if the written effect is meant`
          : 'gather part of the product in the tag t, and use the tag in a second product',
      ),
    ];
  });
}

const eachProduct = (series: readonly LavaSeries[], find: (target: string, product: LavaProduct) => Violation[]): Violation[] =>
  series.flatMap(({ target, products }) => products.flatMap((product) => find(target, product)));

/** Products that can never change anything. */
export function deadFindings(
  series: readonly LavaSeries[],
  title: string,
  shiftOf: (factors: readonly LavaFactor[]) => number,
): Violation[] {
  return eachProduct(series, (target, product) => {
    if (!isDead(product, shiftOf(product.factors))) return [];
    const why = product.mantissa === 0 ? 'is always zero' : `is lost in the right shift by ${shiftOf(product.factors)}`;
    const hint = product.mantissa === 0 ? 'leave it out, or correct its number' : 'use fewer factors, or larger ones than signs and spikes';
    return [warning('W-LOIHI-DEAD-PRODUCT', `${title}, ${target}: ${productText(product)} ${why}`, hint)];
  });
}

/** Nothing is left of the largest value it can have. */
function isDead({ mantissa, factors }: LavaProduct, shift: number): boolean {
  const largest = factors.reduce((product, { name, constant = 0, sgn }) => {
    const width = factorWidth(name);
    const end = width === 9 ? 256 : 2 ** width - 1;
    return product * (sgn ? 1 : Math.min(2 ** width, end + Math.abs(constant)));
  }, Math.abs(mantissa));
  return largest < 2 ** shift;
}

const receivedTraces = ({ series, threeFactor }: Pick<LavaRuleSet, 'series' | 'threeFactor'>): string[] => {
  if (!threeFactor) return [];
  const read = new Set(series.flatMap(({ products }) => products.flatMap(({ factors }) => factors.map(({ name }) => name))));
  return ['y2', 'y3'].filter((name) => read.has(name));
};

export function thirdFactorFindings(rule: Pick<LavaRuleSet, 'series' | 'threeFactor' | 'epoch'>, title: string): Violation[] {
  return receivedTraces(rule).flatMap((name) => {
    const lost = lostPunishment(title, name);
    return rule.epoch === 1 ? [lost] : [lost, lateThirdFactor(title, name, rule.epoch)];
  });
}

export function lateThirdFactor(title: string, name: string, epoch: number): Violation {
  return warning(
    'W-LOIHI-THIRD-FACTOR-TIME',
    `${title}: of the values of ${name} within an epoch of ${epoch} ticks only the last counts, whenever the spikes were`,
    'use an epoch of 1 tick, or hold the value for the whole epoch',
  );
}

export function lostPunishment(title: string, name: string): Violation {
  return warning(
    'W-LOIHI-LOST-PUNISHMENT',
    `${title}: a negative ${name} counts as 0 in every tick in which its post neuron fires, because Lava clips what was received to 0 … 127 there`,
    `send ${name} with an offset that keeps it positive and take the offset off in a second product, or send the sign in another trace`,
  );
}

export function tauZero(title: string, name: string): Violation {
  return warning(
    'W-LOIHI-TAU-ZERO',
    `${title}: a time constant of 0 for ${name} does not mean "no decay": the trace is gone after one tick in integers, and not a number in floating point`,
    'for a trace that stays write a time constant much longer than the run, such as 65535',
  );
}

export function traceFindings({ series, traces }: Pick<LavaRuleSet, 'series' | 'traces'>, title: string): Violation[] {
  const read = new Set(series.flatMap(({ products }) => products.flatMap(({ factors }) => factors.map(({ name }) => name))));
  return LAVA_TRACES.filter((name) => read.has(name)).flatMap((name) => {
    const { impulse, tau } = traces[name];
    return [...(tau === 0 ? [tauZero(title, name)] : []), ...fractionFindings(name, impulse, title)];
  });
}

/** Lava compares 8 bits of fraction with 7 random bits. */
export function fractionFindings(name: string, impulse: number, title: string): Violation[] {
  const whole = Math.floor(impulse);
  const fraction = impulse - whole;
  if (fraction === 0) return [];
  const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
  return [
    warning(
      'W-LOIHI-IMPULSE-FRACTION',
      `${title}: of ${name}_impulse ${impulse}, Lava adds ${whole + 1} in ${percent(Math.min(1, 2 * fraction))} of the spikes, not in ${percent(fraction)}`,
      'use a whole impulse, or impulseFraction: "unbiased"',
    ),
  ];
}

export function epochFindings({ epoch }: Pick<LavaRuleSet, 'epoch'>, title: string): Violation[] {
  if (epoch === 1) return [];
  return [
    warning(
      'W-LOIHI-REPEATED-SPIKES',
      `${title}: in an epoch of ${epoch} ticks only the last spike of a neuron has a time; earlier ones count as if they came at the start of the epoch`,
      'use an epoch no longer than the shortest interval between two spikes of a neuron',
    ),
  ];
}

export function delayVariableFindings(series: readonly LavaSeries[], title: string): Violation[] {
  if (!series.some(({ target }) => target === 'dd')) return [];
  return [
    warning(
      'W-LOIHI-DELAY-IDLE',
      `${title}, dd: d is a number from 0 to 255 that delays no spike`,
      'use d as a second variable of the rule; the delays of a projection are set in the network and do not learn',
    ),
  ];
}

export function saturationFindings(series: readonly LavaSeries[], title: string): Violation[] {
  if (!series.some(({ target }) => target === 'dt')) return [];
  return [
    warning(
      'W-LOIHI-SATURATION',
      `${title}, dt: Lava's tag ends at -257 and its accumulator at -32769, each one below what 9 and 16 bits hold`,
      'set saturation: "twos-complement" to see whether a result depends on it',
    ),
  ];
}

export function seedFindings(seed: number | undefined, title: string): Violation[] {
  if (seed === undefined) return [];
  return [
    warning(
      'W-LOIHI-ROUNDING-SEED',
      `${title}: rng_seed ${seed} does not seed the rounding of weights: Lava always uses seed 2 there, and one draw for all synapses of an epoch`,
      'use rounding "independent", where every synapse has draws of its own and the seed counts',
    ),
  ];
}

/** A coefficient that Lava's ready-made rules write into their texts as something else; undefined if it survives. */
export function literalFinding(name: string, value: number): Violation | undefined {
  const literal = literalValue(value);
  if (literal === value) return undefined;
  const off = 100 * (literal / value - 1);
  return warning(
    'W-LOIHI-LITERAL',
    `${name} ${value} becomes ${literal} in Lava's rule text (${off > 0 ? '+' : ''}${off.toFixed(0)} %): a literal keeps the whole part and a power of two`,
    `write the rule text yourself, with ${nearScale(value)}`,
  );
}

/** The nearest m·2^e with m up to 7. */
function nearScale(value: number): string {
  let best = { error: Infinity, text: '' };
  for (let m = 1; m <= 7; m++) {
    for (let e = -7; e <= 8; e++) {
      const error = Math.abs(m * 2 ** e - Math.abs(value));
      if (error < best.error) best = { error, text: formatScale(value < 0 ? -m : m, e) };
    }
  }
  return best.text;
}

/** What happens to the first weights of a learning connection. */
export function initialWeightFindings(weights: Matrix, sign: SignMode, bits: number, title = 'weights'): Violation[] {
  const flat = weights.flat();
  const format = { sign, bits };
  const { low, high } = weightRange(sign);
  const lost = flat.filter((weight) => truncateWeight(weight, format) !== weight).length;
  const outside = flat.filter((weight) => weight < low || weight > high).length;
  const findings: Violation[] = [];
  if (lost > 0) {
    const towards = sign === 'mixed' ? 'minus infinity' : 'zero';
    findings.push(
      warning(
        'W-LOIHI-TRUNCATED',
        `${title}: ${lost} of ${flat.length} first weights are no multiples of ${weightStep(format)} and are truncated towards ${towards}; learned weights are not`,
        `give multiples of ${weightStep(format)}`,
      ),
    );
  }
  if (outside > 0) {
    findings.push(
      warning(
        'W-LOIHI-UNCLIPPED',
        `${title}: ${outside} of ${flat.length} first weights lie outside ${low} … ${high}; a learning connection clips them only when it learns, a static one at once`,
        `give weights from ${low} to ${high}`,
      ),
    );
  }
  return findings;
}
