/**
 * Coefficients m·2^e and the widths of products. A product of b bits of factors is shifted right by max(0, b + mantissa bits - 15) before its
 * coefficient's exponent is applied, and nothing gives the shift back (Lava, LearningRuleApplierBitApprox): a rule that is lowered from event
 * form therefore carries the shift in its coefficient; one that is written for Loihi is taken as it stands.
 */
import type { ChipFactor } from './chip-rule.ts';
import { LOIHI } from './profile.ts';
import type { LoihiSwitches } from './switches.ts';

const MANTISSA_MAX = LOIHI.coefficientMantissaMax.value;
const EXPONENT_MIN = LOIHI.coefficientExponentMin.value;
const EXPONENT_MAX = LOIHI.coefficientExponentMax.value;

/** Smallest and largest coefficient above zero. */
export const COEFFICIENT_RANGE = { smallest: 2 ** EXPONENT_MIN, largest: MANTISSA_MAX * 2 ** EXPONENT_MAX } as const;

/** Bits of a factor, the sign not counted: 7 for traces and modulators, 9 for w, t and d, 1 for a spike. */
export function factorBits({ kind }: ChipFactor): number {
  return kind === 'variable' ? 9 : kind === 'spike' ? 1 : 7;
}

const MANTISSA_BITS = { lava: 4, nengo: 3 } as const;

export function productShift(factors: readonly ChipFactor[], scaling: LoihiSwitches['productScaling']): number {
  if (scaling === 'none') return 0;
  const bits = factors.reduce((sum, factor) => sum + factorBits(factor), 0);
  return Math.max(0, bits + MANTISSA_BITS[scaling] - (LOIHI.accumulatorBits.value - 1));
}

export interface Coefficient {
  readonly mantissa: number;
  readonly exponent: number;
  /** |m·2^e / wanted - 1|. */
  readonly relativeError: number;
}

/**
 * The coefficient nearest to `wanted`. Where the product is shifted, the largest mantissa is taken, because what is multiplied before the shift
 * keeps its low bits; elsewhere the smallest, because it reads best.
 */
export function nearestCoefficient(wanted: number, shift: number): Coefficient {
  const size = Math.abs(wanted);
  let best: Coefficient = { mantissa: 0, exponent: 0, relativeError: size === 0 ? 0 : 1 };
  if (size === 0) return best;
  for (let m = 1; m <= MANTISSA_MAX; m++) {
    for (let e = EXPONENT_MIN; e <= EXPONENT_MAX; e++) {
      const relativeError = Math.abs((m * 2 ** e) / size - 1);
      const better = relativeError < best.relativeError || (relativeError === best.relativeError && shift > 0);
      if (better) best = { mantissa: m, exponent: e, relativeError };
    }
  }
  return { ...best, mantissa: wanted < 0 ? -best.mantissa : best.mantissa };
}

/** 3·2^-4, 2^-3, 5. */
export function formatScale(mantissa: number, exponent: number): string {
  if (exponent === 0) return String(mantissa);
  const sign = mantissa < 0 ? '-' : '';
  return Math.abs(mantissa) === 1 ? `${sign}2^${exponent}` : `${mantissa}*2^${exponent}`;
}

/** A product as text; a scale of 1 is left out where there is something else. */
export function scaled(mantissa: number, exponent: number, factors: readonly string[]): string {
  const scale = formatScale(mantissa, exponent);
  if (factors.length > 0 && (scale === '1' || scale === '-1')) return `${scale === '1' ? '' : '-'}${factors.join('*')}`;
  return [scale, ...factors].join('*');
}
