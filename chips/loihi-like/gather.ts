/**
 * Changes smaller than one step of the weight. Written one by one they are rounded at random, which keeps their mean and buries it in noise; in
 * the tag, whose unit is made 2^g times finer, they add up, and the tag hands on whole steps and keeps the rest:
 *
 *   dt = 2^g · (what dw was) - 2^(g-1)·u_k·sgn(t - 2^g) - 2^(g-1)·u_k·sgn(t + 2^g)
 *   dw =                        2^-1·u_k·sgn(t - 2^g) +  2^-1·u_k·sgn(t + 2^g)
 *
 * Beyond ±2^g the two signs add to ±1, a whole step; between them they cancel. The rule then runs at every 2^k-th epoch for all synapses, which
 * costs an evaluation each, so k is as large as one step per hand-over allows.
 */
import type { RuleChange } from '../../core/chip-contract.ts';
import type { ChipFactor, ChipProduct, ChipRule, ChipVariable } from './chip-rule.ts';
import { LOIHI } from './profile.ts';
import { fullSize, typicalSize } from './rule-difference.ts';
import type { LoihiSettings } from './switches.ts';

export interface Gathered {
  readonly products: readonly ChipProduct[];
  readonly variables: readonly ChipVariable[];
  /** Units of the gathered variable per step of the weight; 1 where nothing is gathered. */
  readonly weightUnits: number;
}

/** The tag has one bit for the sign; a full-size change may take half of the rest, so that it cannot be lost. */
const LARGEST_CHANGE = 2 ** (LOIHI.tagBits.value - 2);
const MOST_FINER_BITS = 6;
const FEWEST_FINER_BITS = 2;
const RAREST_HAND_OVER = 5;

/** The rule as it is where its changes reach a step, where the tag is taken, or where it would overflow. */
export function gathered(chip: ChipRule, { rounding }: LoihiSettings, changes: RuleChange[]): Gathered {
  const { products, variables } = chip;
  if (variables.length > 0 || products.length === 0 || rounding === 'never-up') return asItIs(chip);
  const typical = Math.max(...products.map((product) => Math.abs(product.wanted) * typicalSize(product, chip)));
  const full = Math.max(...products.map((product) => Math.abs(product.wanted) * fullSize(product)));
  const finer = Math.min(MOST_FINER_BITS, Math.floor(Math.log2(LARGEST_CHANGE / full)));
  if (typical >= 1 || finer < FEWEST_FINER_BITS) return asItIs(chip);
  // all u of a rule share one k
  const [own] = products.flatMap(({ dependency }) => (dependency.kind === 'u' ? [dependency.exponent] : []));
  const k = own ?? Math.min(RAREST_HAND_OVER, Math.max(0, Math.floor(-Math.log2(typical))));
  const unit = 2 ** finer;
  const tag: ChipVariable = { target: 't', name: 't', initial: 0, scale: chip.weight.scale * unit };
  const into = products.map((product): ChipProduct => ({ ...product, target: 't', wanted: product.wanted * unit }));
  const handOver = (target: 'w' | 't', size: number): ChipProduct[] =>
    [-unit, unit].map((offset) => {
      const factor: ChipFactor = { kind: 'variable', name: 't', offset, sgn: true };
      return {
        target,
        dependency: { kind: 'u', exponent: k },
        factors: [factor],
        mantissa: Math.sign(size),
        exponent: Math.log2(Math.abs(size)),
        shift: 0,
        wanted: size,
      };
    });
  changes.push({
    from: `dw in steps of at most ${Number(typical.toPrecision(2))} LSB per event with traces of one spike`,
    to: `the tag gathers them ${unit} times finer; ${k === 0 ? 'every epoch' : `every ${2 ** k} epochs`} it hands on whole steps and keeps the rest`,
    maxDifference: 2 / chip.weight.scale,
    over: 'of the weight: what the tag still holds',
  });
  return { products: [...handOver('w', 0.5), ...into, ...handOver('t', -unit / 2)], variables: [tag], weightUnits: unit };
}

const asItIs = ({ products, variables }: ChipRule): Gathered => ({ products, variables, weightUnits: 1 });
