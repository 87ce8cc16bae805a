/**
 * The first step towards the nearest legal rule: whatever is not a product of numbers and variables, and depends on a single one of them - exp(-w),
 * (1 - w)^0.2, 1/(1 + x1) - is replaced by the nearest line or parabola over the range of that variable. Statements that are sums of products
 * already keep their form. What depends on two variables at once, draws a random number or is nowhere finite stays, and the rule is given up.
 */
import type { RuleChange } from '../../core/chip-contract.ts';
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { Moment } from '../../core/plasticity/rule.ts';
import { MOMENTS } from '../../core/plasticity/rule.ts';
import { toSumOfProducts } from '../../core/plasticity/sum-of-products.ts';
import { evaluateExpr } from '../../core/program/evaluate.ts';
import type { Expr } from '../../core/program/ir.ts';
import { printExpr } from '../../core/program/print.ts';
import { bindConstants } from '../../core/program/simplify.ts';
import type { Polynomial } from './fit-polynomial.ts';
import { fitPolynomial } from './fit-polynomial.ts';

export interface PolynomialRule {
  readonly code: Readonly<Partial<Record<Moment, string>>>;
  readonly changes: readonly RuleChange[];
}

/** Smallest and largest value of a name, where it is known. */
export type RangeOf = (name: string) => readonly [number, number] | undefined;

interface Product {
  readonly coefficient: number;
  /** Reads, and expressions that are no products. */
  readonly factors: readonly Expr[];
}

/** A line that is this near, relative to the largest value, needs no square. */
const NEAR_ENOUGH = 0.01;
/** A square is worth its products if it takes this share off the difference. */
const WORTH_A_SQUARE = 0.7;
/** Whole powers that are multiplied out. */
const MOST_POWER = 4;

export function polynomialRule({ rule, moments }: CheckedRule, dt: number, rangeOf: RangeOf): PolynomialRule | undefined {
  const constants = new Map([['dt', dt], ...Object.entries(rule.parameters)]);
  const code: Partial<Record<Moment, string>> = {};
  const changes = new Map<string, RuleChange>();
  for (const moment of MOMENTS) {
    const checked = moments[moment];
    if (checked === undefined) continue;
    const program = bindConstants(checked, constants);
    const locals = new Map<string, Expr>();
    const lines: string[] = [];
    for (const { name, scope, value } of program.statements) {
      const whole = withoutLocals(value, locals);
      if (scope === 'local') {
        locals.set(name, whole);
        continue;
      }
      if (!Array.isArray(toSumOfProducts(whole, { expand: 'brackets' }))) {
        lines.push(`${name} = ${printExpr(whole)}`);
        continue;
      }
      const products = replaced(expand(whole), rangeOf, changes);
      if (products === undefined) return undefined;
      lines.push(`${name} = ${products.map(productText).join(' + ')}`);
    }
    code[moment] = lines.join('\n');
  }
  return { code, changes: [...changes.values()] };
}

function withoutLocals(expr: Expr, locals: ReadonlyMap<string, Expr>): Expr {
  if (expr.kind === 'read' && expr.scope === 'local') return locals.get(expr.name) ?? expr;
  return expr.kind === 'apply' ? { ...expr, args: expr.args.map((arg) => withoutLocals(arg, locals)) } : expr;
}

function expand(expr: Expr): Product[] {
  if (expr.kind === 'literal') return [{ coefficient: expr.value, factors: [] }];
  if (expr.kind !== 'apply') return [{ coefficient: 1, factors: [expr] }];
  const { op, args } = expr;
  const [a, b] = args;
  switch (op) {
    case 'add':
      return [...expand(a), ...expand(b)];
    case 'sub':
      return [...expand(a), ...scaled(expand(b), -1)];
    case 'neg':
      return scaled(expand(a), -1);
    case 'mul':
      return multiplied(expand(a), expand(b));
    case 'div': {
      if (b.kind === 'literal') return scaled(expand(a), 1 / b.value);
      const one: Expr = { kind: 'literal', value: 1, type: expr.type, span: a.span };
      return multiplied(expand(a), [{ coefficient: 1, factors: [{ ...expr, args: [one, b] }] }]);
    }
    case 'pow': {
      const n = b.kind === 'literal' ? b.value : Number.NaN;
      if (!Number.isInteger(n) || n < 1 || n > MOST_POWER) return [{ coefficient: 1, factors: [expr] }];
      let power = expand(a);
      for (let i = 1; i < n; i++) power = multiplied(power, expand(a));
      return power;
    }
    default:
      return [{ coefficient: 1, factors: [expr] }];
  }
}

const scaled = (products: readonly Product[], by: number): Product[] =>
  products.map((product) => ({ ...product, coefficient: product.coefficient * by }));

const multiplied = (left: readonly Product[], right: readonly Product[]): Product[] =>
  left.flatMap((a) => right.map((b) => ({ coefficient: a.coefficient * b.coefficient, factors: [...a.factors, ...b.factors] })));

function namesIn(expr: Expr): Set<string> {
  if (expr.kind === 'read') return new Set([expr.name]);
  return new Set(expr.kind === 'apply' ? expr.args.flatMap((arg) => [...namesIn(arg)]) : []);
}

const isPlain = ({ kind }: Expr): boolean => kind === 'read';

/** Products of reads only; undefined where a factor has no nearest polynomial. */
function replaced(products: readonly Product[], rangeOf: RangeOf, changes: Map<string, RuleChange>): Product[] | undefined {
  const result: Product[] = [];
  for (const { coefficient, factors } of products) {
    const variables = new Map<string, Expr>();
    for (const factor of factors) {
      if (isPlain(factor)) continue;
      const names = namesIn(factor);
      const [name] = names;
      const read = names.size === 1 ? readOf(factor) : undefined;
      if (read === undefined) return undefined;
      variables.set(name, read);
    }
    let expanded: Product[] = [
      { coefficient, factors: factors.filter((factor) => isPlain(factor) && !variables.has([...namesIn(factor)][0])) },
    ];
    for (const [name, read] of variables) {
      const own = factors.filter((factor) => namesIn(factor).has(name));
      const polynomial = nearest(own, name, rangeOf, changes);
      if (polynomial === undefined) return undefined;
      const powers = polynomial.map((c, power): Product => ({ coefficient: c, factors: new Array<Expr>(power).fill(read) }));
      expanded = multiplied(
        expanded,
        powers.filter((one) => one.coefficient !== 0),
      );
    }
    result.push(...expanded);
  }
  return combined(result);
}

function readOf(expr: Expr): Expr | undefined {
  if (expr.kind === 'read') return expr;
  if (expr.kind !== 'apply') return undefined;
  for (const arg of expr.args) {
    const found = readOf(arg);
    if (found !== undefined) return found;
  }
  return undefined;
}

function hasDraw(expr: Expr): boolean {
  return expr.kind === 'draw' || (expr.kind === 'apply' && expr.args.some(hasDraw));
}

/** Coefficients of the polynomial nearest to a product of functions of one variable. */
function nearest(
  factors: readonly Expr[],
  name: string,
  rangeOf: RangeOf,
  changes: Map<string, RuleChange>,
): readonly number[] | undefined {
  const range = rangeOf(name);
  if (range === undefined || factors.some(hasDraw)) return undefined;
  const f = (x: number): number =>
    factors.reduce(
      (product, factor) =>
        product *
        evaluateExpr(
          factor,
          () => x,
          () => Number.NaN,
        ),
      1,
    );
  const chosen = nearestPolynomial(f, range);
  if (chosen === undefined) return undefined;
  const from = factors.map((factor) => (isPlain(factor) || factors.length === 1 ? printExpr(factor) : `(${printExpr(factor)})`)).join('*');
  changes.set(from, {
    from,
    to: polynomialText(chosen, name),
    maxDifference: chosen.maxDifference,
    over: `for ${name} in [${short(range[0])}, ${short(range[1])}]`,
  });
  return chosen.coefficients;
}

/** The nearest line, or the nearest parabola where that is worth its products; undefined for a function that is not finite everywhere. */
export function nearestPolynomial(f: (x: number) => number, range: readonly [number, number]): Polynomial | undefined {
  const line = fitPolynomial(f, range, 1);
  const parabola = fitPolynomial(f, range, 2);
  if (line === undefined || parabola === undefined) return undefined;
  const top = Math.max(Math.abs(f(range[0])), Math.abs(f(range[1])), Math.abs(f((range[0] + range[1]) / 2)));
  const needsSquare = line.maxDifference > NEAR_ENOUGH * top && parabola.maxDifference < WORTH_A_SQUARE * line.maxDifference;
  return needsSquare ? parabola : line;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** 0.995 - 0.931*w + 0.309*w*w */
export function polynomialText({ coefficients }: Polynomial, name: string): string {
  const terms = coefficients.flatMap((c, power) => (c === 0 ? [] : [{ c, names: new Array<string>(power).fill(name) }]));
  const text = terms.map(({ c, names }, n) => {
    const size = [short(Math.abs(c)), ...names].join('*');
    return n === 0 ? `${c < 0 ? '-' : ''}${size}` : `${c < 0 ? '-' : '+'} ${size}`;
  });
  return text.length === 0 ? '0' : text.join(' ');
}

/** Equal products once, with their coefficients added. */
function combined(products: readonly Product[]): Product[] {
  const sums = new Map<string, Product>();
  for (const product of products) {
    const factors = [...product.factors].sort((a, b) => (printExpr(a) < printExpr(b) ? -1 : 1));
    const key = factors.map(printExpr).join('*');
    sums.set(key, { factors, coefficient: (sums.get(key)?.coefficient ?? 0) + product.coefficient });
  }
  return [...sums.values()].filter(({ coefficient }) => coefficient !== 0);
}

const productText = ({ coefficient, factors }: Product): string => [`(${coefficient})`, ...factors.map(printExpr)].join(' * ');
