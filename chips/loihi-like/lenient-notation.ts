/**
 * Reads a rule in Loihi's notation that the strict parser refuses, where it is plain what was meant: decimals and divisions by numbers, powers of
 * variables, sums in brackets, doubled brackets, sgn(5 - w), and functions of one variable, which become the nearest line or parabola over what
 * its register holds. Everything is multiplied out; brackets of one variable and a whole number stay. What stays unread (an unknown name, a
 * product without a dependency or with two) has no nearest rule.
 */
import type { RuleChange } from '../../core/chip-contract.ts';
import type { LavaTarget } from '../../core/plasticity/lava-rule.ts';
import { dependencyOf, variableOf } from '../../core/plasticity/lava-rule.ts';
import type { Factor } from '../../core/plasticity/sum-of-products.ts';
import { compileExpression } from '../../core/program/check-types.ts';
import { evaluateExpr } from '../../core/program/evaluate.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import { parseExpression } from '../../core/program/parse.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { Syntax } from '../../core/program/syntax.ts';
import type { Dependency } from './chip-rule.ts';
import { nearestPolynomial, polynomialText } from './polynomial-rule.ts';

export interface WrittenProduct {
  /** Set where this is not a product of the rule but a bound: by how much a fitted function can be off. */
  readonly isError?: boolean;
  readonly target: LavaTarget;
  readonly dependency: Dependency;
  readonly factors: readonly Factor[];
  /** Signed, as written: what the product has in floating point. */
  readonly coefficient: number;
}

/** Whole numbers that a register holds. */
export type RegisterRange = (name: string) => readonly [number, number];

interface Part {
  /** A bound on what a fitted function is off by, in place of a summand. */
  readonly isError?: boolean;
  readonly coefficient: number;
  readonly dependencies: readonly Exclude<Dependency, { kind: 'modulator' }>[];
  readonly factors: readonly Factor[];
}

interface Reader {
  readonly text: string;
  readonly rangeOf: RegisterRange;
  readonly changes: RuleChange[];
}

/** Whole powers that are multiplied out. */
const MOST_POWER = 4;

export function readLeniently(
  target: LavaTarget,
  text: string,
  rangeOf: RegisterRange,
): { products: WrittenProduct[]; errors: WrittenProduct[]; changes: RuleChange[] } | undefined {
  const { tree } = parseExpression(text, target);
  const reader: Reader = { text, rangeOf, changes: [] };
  const parts = tree && expand(reader, tree);
  const products = parts?.map((part) => toProduct(target, part));
  if (products === undefined || products.includes(undefined)) return undefined;
  const all = products as WrittenProduct[];
  return { products: all.filter(({ isError }) => !isError), errors: all.filter(({ isError }) => isError), changes: reader.changes };
}

/** The first dependency is the product's own; a spike behind it is a factor, and a second u of the same epochs says nothing new. */
function toProduct(target: LavaTarget, { coefficient, dependencies, factors, isError = false }: Part): WrittenProduct | undefined {
  const [first, ...rest] = dependencies;
  if (first === undefined) return undefined;
  const spikes: Factor[] = [];
  for (const other of rest) {
    if (other.kind !== 'u') spikes.push({ name: other.kind });
    else if (first.kind !== 'u' || first.exponent !== other.exponent) return undefined;
  }
  return { target, dependency: first, factors: [...factors, ...spikes], coefficient, isError };
}

const number = (coefficient: number): Part => ({ coefficient, dependencies: [], factors: [] });

const times = (left: readonly Part[], right: readonly Part[]): Part[] =>
  left.flatMap((a) =>
    right.map((b) => ({
      coefficient: a.coefficient * b.coefficient,
      dependencies: [...a.dependencies, ...b.dependencies],
      factors: [...a.factors, ...b.factors],
      isError: a.isError === true || b.isError === true,
    })),
  );

const scaled = (parts: readonly Part[], by: number): Part[] => parts.map((part) => ({ ...part, coefficient: part.coefficient * by }));

const isNumber = ({ dependencies, factors, isError }: Part): boolean =>
  dependencies.length === 0 && factors.length === 0 && isError !== true;

function expand(reader: Reader, syntax: Syntax): Part[] | undefined {
  switch (syntax.kind) {
    case 'number':
      return [number(syntax.value)];
    case 'index':
      return undefined;
    case 'name': {
      const dependency = dependencyOf(syntax.name === 'u' ? 'u0' : syntax.name);
      if (dependency !== undefined) return [{ ...number(1), dependencies: [dependency] }];
      const variable = variableOf(syntax.name);
      return variable === undefined ? undefined : [{ ...number(1), factors: [{ name: variable }] }];
    }
    case 'group': {
      const inner = expand(reader, syntax.inner);
      const bracket = inner && asBracket(inner);
      return bracket === undefined ? inner : [bracket];
    }
    case 'call':
      return syntax.name === 'sgn' || syntax.name === 'sign' ? signOf(reader, syntax.args) : functionOf(reader, syntax);
    case 'operator':
      return expandOperator(reader, syntax);
  }
}

function expandOperator(reader: Reader, syntax: Syntax & { kind: 'operator' }): Part[] | undefined {
  const { op, args } = syntax;
  const both = (join: (left: Part[], right: Part[]) => Part[] | undefined): Part[] | undefined => {
    const [left, right] = [expand(reader, args[0]), expand(reader, args[1])];
    return left && right && join(left, right);
  };
  switch (op) {
    case 'add':
      return both((left, right) => [...left, ...right]);
    case 'sub':
      return both((left, right) => [...left, ...scaled(right, -1)]);
    case 'neg': {
      const parts = expand(reader, args[0]);
      return parts && scaled(parts, -1);
    }
    case 'mul':
      return both(times);
    case 'div':
      return (
        both((left, right) => {
          const [divisor, ...more] = right;
          return more.length === 0 && isNumber(divisor) && divisor.coefficient !== 0 ? scaled(left, 1 / divisor.coefficient) : undefined;
        }) ?? functionOf(reader, syntax)
      );
    case 'pow':
      return both(powerOf) ?? functionOf(reader, syntax);
    default:
      return functionOf(reader, syntax);
  }
}

function powerOf(base: Part[], exponent: Part[]): Part[] | undefined {
  const n = exponent.length === 1 && isNumber(exponent[0]) ? exponent[0].coefficient : Number.NaN;
  if (base.length === 1 && isNumber(base[0]) && Number.isFinite(n)) return [number(base[0].coefficient ** n)];
  if (!Number.isInteger(n) || n < 1 || n > MOST_POWER) return undefined;
  let power = base;
  for (let i = 1; i < n; i++) power = times(power, base);
  return power;
}

/** ±(variable ± whole number) as one factor; other sums are multiplied out. */
function asBracket(parts: readonly Part[]): Part | undefined {
  if (parts.length !== 2) return undefined;
  const constant = parts.find(isNumber);
  const variable = parts.find(({ factors, dependencies, isError }) => factors.length === 1 && dependencies.length === 0 && !isError);
  if (constant === undefined || variable === undefined || !Number.isInteger(constant.coefficient)) return undefined;
  const [factor] = variable.factors;
  if (Math.abs(variable.coefficient) !== 1 || factor.sgn || factor.offset !== undefined) return undefined;
  const offset = variable.coefficient * constant.coefficient;
  return { ...variable, factors: [offset === 0 ? factor : { ...factor, offset }] };
}

/** sgn of w, d or t and a whole number, either way round. */
function signOf(reader: Reader, args: readonly Syntax[]): Part[] | undefined {
  const parts = args.length === 1 ? expand(reader, args[0]) : undefined;
  const whole = parts && (parts.length === 1 ? parts[0] : asBracket(parts));
  const [factor, ...more] = whole?.factors ?? [];
  if (whole === undefined || factor === undefined || more.length > 0 || whole.dependencies.length > 0) return undefined;
  if (Math.abs(whole.coefficient) !== 1 || factor.sgn || !['w', 'd', 't'].includes(factor.name)) return undefined;
  return [{ coefficient: whole.coefficient, dependencies: [], factors: [{ ...factor, sgn: true }] }];
}

function namesIn(syntax: Syntax): Set<string> {
  switch (syntax.kind) {
    case 'name':
      return new Set([syntax.name]);
    case 'group':
      return namesIn(syntax.inner);
    case 'call':
    case 'operator':
      return new Set(syntax.args.flatMap((arg) => [...namesIn(arg)]));
    default:
      return new Set();
  }
}

/** A function of one variable, as the nearest polynomial. */
function functionOf(reader: Reader, syntax: Syntax): Part[] | undefined {
  const [name, ...more] = namesIn(syntax);
  const variable = name === undefined ? undefined : variableOf(name);
  if (variable === undefined || more.length > 0) return undefined;
  const from = reader.text.slice(syntax.span.start, syntax.span.end);
  const symbols = symbolTable([{ name, scope: 'synapse', format: FLOAT64, writable: false }]);
  const { expr } = compileExpression(from, symbols, { title: from });
  if (expr === undefined) return undefined;
  const range = reader.rangeOf(variable);
  const polynomial = nearestPolynomial(
    (x) =>
      evaluateExpr(
        expr,
        () => x,
        () => Number.NaN,
      ),
    range,
  );
  if (polynomial === undefined) return undefined;
  const to = polynomialText(polynomial, variable);
  reader.changes.push({ from, to, maxDifference: polynomial.maxDifference, over: `for ${variable} in [${range[0]}, ${range[1]}]` });
  const powers = polynomial.coefficients.flatMap((c, power): Part[] =>
    c === 0 ? [] : [{ coefficient: c, dependencies: [], factors: new Array<Factor>(power).fill({ name: variable }) }],
  );
  return [...powers, { ...number(polynomial.maxDifference), isError: true }];
}
