/**
 * Products that ask for any coefficient, as products with one that the chip has: the nearest m·2^e, or the sum of two where one is off by more than
 * 3 %, with the right shift of the product given back; and products as text that Lava and NxSDK read.
 */
import type { RuleChange } from '../../core/chip-contract.ts';
import type { ChipFactor, ChipProduct, ChipRule } from './chip-rule.ts';
import { formatScale, nearestCoefficient } from './coefficients.ts';
import { typicalSize } from './rule-difference.ts';

/** Relative error above which a coefficient gets a second term. */
const NEEDS_A_SECOND_TERM = 0.03;

/** One or two products for one; none where the coefficient is too small for the chip. */
export function withLegalCoefficients(product: ChipProduct, chip: ChipRule, changes: RuleChange[]): ChipProduct[] {
  const { wanted, shift } = product;
  const asked = wanted * 2 ** shift;
  const first = nearestCoefficient(asked, shift);
  const value = ({ mantissa, exponent }: { mantissa: number; exponent: number }): number => mantissa * 2 ** exponent;
  const rest = asked - value(first);
  const second = nearestCoefficient(rest, shift);
  const coefficients =
    first.mantissa === 0
      ? []
      : first.relativeError > NEEDS_A_SECOND_TERM && second.mantissa !== 0 && Math.abs(rest - value(second)) < Math.abs(rest)
        ? [first, second]
        : [first];
  const products = coefficients.map(({ mantissa, exponent }): ChipProduct => ({ ...product, mantissa, exponent }));
  const off = Math.abs(asked - coefficients.reduce((sum, one) => sum + value(one), 0)) / 2 ** shift;
  const isChanged = coefficients.length !== 1 || first.relativeError > NEEDS_A_SECOND_TERM;
  if (isChanged) {
    const widths = shift === 0 ? '' : `, shifted right by ${shift}`;
    changes.push({
      from: `d${product.target}: ${[String(Number(wanted.toPrecision(3))), ...product.factors.map(factorText)].join('*')}`,
      to: products.length === 0 ? 'nothing: the smallest coefficient is larger' : `${coefficientsText(products)}${widths}`,
      maxDifference: (off * typicalSize(product, chip)) / (product.target === 'w' ? chip.weight.scale : 1),
      over: product.target === 'w' ? 'of the weight, per event with traces of one spike' : 'of the tag in whole numbers, per event',
    });
  }
  return products;
}

const coefficientsText = (products: readonly ChipProduct[]): string =>
  products
    .map(
      ({ mantissa, exponent }, n) =>
        `${n === 0 ? '' : mantissa < 0 ? ' - ' : ' + '}${formatScale(n === 0 ? mantissa : Math.abs(mantissa), exponent)}`,
    )
    .join('');

/** `2^-3*y0*x1 - 2^-4*x0*y1`, as Lava and NxSDK read it. */
export function productsText(products: readonly ChipProduct[]): string {
  return products
    .map(({ mantissa, exponent, dependency, factors }, n) => {
      const lead = n === 0 ? (mantissa < 0 ? '-' : '') : mantissa < 0 ? ' - ' : ' + ';
      const when = { x0: 'x0', y0: 'y0', modulator: 'u0', u: `u${dependency.kind === 'u' ? dependency.exponent : 0}` }[dependency.kind];
      return lead + [formatScale(Math.abs(mantissa), exponent), when, ...factors.map(factorText)].join('*');
    })
    .join('');
}

function factorText({ kind, name, offset, sgn }: ChipFactor): string {
  const plain = kind === 'modulator' ? 'r1' : kind === 'variable' && name !== 'w' ? name[0] : name;
  const shifted = offset === 0 ? plain : `${plain}${offset < 0 ? '-' : '+'}${Math.abs(offset)}`;
  return sgn ? `sgn(${shifted})` : offset === 0 ? plain : `(${shifted})`;
}
