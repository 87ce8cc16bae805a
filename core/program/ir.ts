/**
 * The typed tree that every program becomes: neuron dynamics, plasticity rules and device responses alike. It is plain data, so it travels
 * inside a plan to any worker and compiles there. Statements run in order; each sees what the ones before it wrote.
 *
 * Numbers: an expression is a double (`f64`), a single (`f32`, rounded after every operation) or a truth value (`bool`). Integers are
 * doubles that happen to be whole: every sum, product, shift and clip of the emulated chips stays below 2^53, where doubles are exact.
 */
import type { Span } from './diagnostics.ts';
import type { OpName } from './op-table.ts';
import type { Scope } from './symbols.ts';

export type ValueType = 'f64' | 'f32' | 'bool';

export interface Literal {
  readonly kind: 'literal';
  readonly value: number;
  readonly type: ValueType;
  readonly span: Span;
}

export interface Read {
  readonly kind: 'read';
  readonly name: string;
  readonly scope: Scope;
  readonly type: ValueType;
  readonly span: Span;
  /** Index of the value, a whole number, where the name is bound to a list (`lookup` in kernel.ts); no text can say this. */
  readonly at?: Expr;
}

/** A draw: a pure function of (seed, stream of the program, item, tick, site). `site` numbers the draws of one program from 0. */
export interface Draw {
  readonly kind: 'draw';
  readonly distribution: 'uniform' | 'normal';
  readonly site: number;
  readonly type: ValueType;
  readonly span: Span;
}

export interface Apply {
  readonly kind: 'apply';
  readonly op: OpName;
  readonly args: readonly Expr[];
  readonly type: ValueType;
  readonly span: Span;
}

export type Expr = Literal | Read | Draw | Apply;

/** `name = value`; `x += e` has become `x = x + e`. For scope `local` it declares the name. */
export interface Assign {
  readonly name: string;
  readonly scope: Scope;
  readonly value: Expr;
  readonly span: Span;
  /** Name of a local truth value without which the statement changes nothing, so that a loop may leave it out. */
  readonly guard?: string;
}

export interface Program {
  /** What the user sees in messages and in `plan.explain()`, e.g. `rule r-stdp, onPost`. */
  readonly title: string;
  readonly text: string;
  readonly statements: readonly Assign[];
  /** How many draws the program makes at most; the sites are 0 … draws-1. */
  readonly draws: number;
}
