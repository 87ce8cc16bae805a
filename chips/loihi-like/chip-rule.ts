/**
 * A learning rule as Loihi's learning engine holds it: products of a dependency, a coefficient m·2^e and factors, for the weight w, the tag t and
 * the delay variable d. Types only; `read-rule.ts` makes it from a rule's text, `product-text.ts` turns it into integer arithmetic.
 */
import type { Violation } from '../../core/chip-contract.ts';
import type { ChipTrace } from './traces.ts';

export type Target = 'w' | 't' | 'd';

/** When a product applies: at a pre spike, a post spike, every 2^exponent-th epoch, or when a modulator arrives. */
export type Dependency = { readonly kind: 'x0' | 'y0' | 'modulator' } | { readonly kind: 'u'; readonly exponent: number };

export type FactorKind = 'pre-trace' | 'post-trace' | 'variable' | 'modulator' | 'spike' | 'post-state';

export interface ChipFactor {
  readonly kind: FactorKind;
  /** x1, y1, w, t, d, the modulator's own name, or x0 and y0. */
  readonly name: string;
  /** Whole number added before the product. */
  readonly offset: number;
  readonly sgn: boolean;
}

export interface ChipProduct {
  readonly target: Target;
  readonly dependency: Dependency;
  readonly factors: readonly ChipFactor[];
  /** Coefficient m·2^e; m is signed. */
  readonly mantissa: number;
  readonly exponent: number;
  /** Right shift that the width of the factors brings with it. */
  readonly shift: number;
  /** What the rule asks for, in chip units; m·2^(e - shift) is what it gets. */
  readonly wanted: number;
}

export interface ChipVariable {
  /** Name in the rule; absent for a tag that only Loihi's notation names. */
  readonly ruleName?: string;
  readonly target: 't' | 'd';
  /** Name on the chip: `t` and `d`, unless a modulator is called so. */
  readonly name: string;
  readonly initial: number;
  /** Chip units per unit of the rule's variable. */
  readonly scale: number;
}

export interface ChipWeight {
  readonly scale: number;
  /** Bounds as whole numbers. */
  readonly low: number;
  readonly high: number;
  /** Distance between two weights that an update can reach. */
  readonly step: number;
}

export interface ChipRule {
  readonly title: string;
  readonly weight: ChipWeight;
  readonly traces: readonly ChipTrace[];
  readonly variables: readonly ChipVariable[];
  /** In the order in which they are summed. */
  readonly products: readonly ChipProduct[];
  readonly epochTicks: number;
  /** What the design rules over learning rules report. */
  readonly findings: readonly Violation[];
}
