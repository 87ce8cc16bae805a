/**
 * The normal form of learning rules on integer chips: a signed sum of products of a number and factors, each factor a variable, a variable
 * plus a constant, or the sign of one of these. `toSumOfProducts` brings an expression into it, or says which part has no such form;
 * `parseLavaRule` in lava-rule.ts reads Lava's own strings straight into it.
 *
 * The order of the products is that of the text and equal products are not merged, because an integer machine truncates after each.
 */
import type { Diagnostic, Span } from '../program/diagnostics.ts';
import { joinSpans } from '../program/diagnostics.ts';
import type { Apply, Expr, Program } from '../program/ir.ts';
import { OPS } from '../program/op-table.ts';

/** `name + offset`, or its sign. */
export interface Factor {
  readonly name: string;
  readonly offset?: number;
  readonly sgn?: boolean;
}

export interface Term {
  readonly sign: 1 | -1;
  /** Not negative. */
  readonly coefficient: number;
  readonly factors: readonly Factor[];
  readonly span: Span;
}

export interface SumOfProductsOptions {
  /** `brackets` keeps a factor such as (w - 127) whole; `full` multiplies it out. */
  readonly expand?: 'brackets' | 'full';
  /** What the locals of the program stand for. */
  readonly locals?: ReadonlyMap<string, Expr>;
  readonly source?: Pick<Program, 'title' | 'text'>;
}

interface Expansion {
  readonly brackets: boolean;
  readonly locals: ReadonlyMap<string, Expr>;
  readonly source: Pick<Program, 'title' | 'text'>;
  readonly diagnostics: Diagnostic[];
}

/** A product while it is built; the sign is in the coefficient. */
interface Product {
  readonly coefficient: number;
  readonly factors: readonly Factor[];
  readonly span: Span;
}

export function toSumOfProducts(expr: Expr, options: SumOfProductsOptions = {}): { terms: Term[] } | Diagnostic[] {
  const expansion: Expansion = {
    brackets: options.expand !== 'full',
    locals: options.locals ?? new Map(),
    source: options.source ?? { title: 'expression', text: '' },
    diagnostics: [],
  };
  const products = expand(expansion, expr);
  return expansion.diagnostics.length > 0 ? expansion.diagnostics : { terms: products.map(toTerm) };
}

function toTerm({ coefficient, factors, span }: Product): Term {
  const sign = coefficient < 0 || Object.is(coefficient, -0) ? -1 : 1;
  return { sign, coefficient: Math.abs(coefficient), factors, span };
}

function expand(expansion: Expansion, expr: Expr): Product[] {
  const { span } = expr;
  switch (expr.kind) {
    case 'literal':
      return [{ coefficient: expr.value, factors: [], span }];
    case 'read': {
      const local = expr.scope === 'local' ? expansion.locals.get(expr.name) : undefined;
      return local
        ? expand(expansion, local).map((product) => ({ ...product, span }))
        : [{ coefficient: 1, factors: [{ name: expr.name }], span }];
    }
    case 'draw':
      return refuse(expansion, expr, 'a random draw');
    case 'apply':
      return expandApply(expansion, expr);
  }
}

function expandApply(expansion: Expansion, expr: Apply): Product[] {
  const { op, args, span } = expr;
  switch (op) {
    case 'add':
      return args.flatMap((arg) => expand(expansion, arg));
    case 'sub':
      return [...expand(expansion, args[0]), ...negated(expand(expansion, args[1]))];
    case 'neg':
      return negated(expand(expansion, args[0])).map((product) => ({ ...product, span: joinSpans(product.span, span) }));
    case 'mul':
      return multiply(factorOrSum(expansion, args[0]), factorOrSum(expansion, args[1]), span);
    case 'div': {
      const [divisor, ...more] = expand(expansion, args[1]);
      const isNumber = divisor !== undefined && more.length === 0 && divisor.factors.length === 0 && divisor.coefficient !== 0;
      if (!isNumber) return refuse(expansion, expr, 'a division by anything but a number');
      return factorOrSum(expansion, args[0]).map((product) => ({
        ...product,
        coefficient: product.coefficient / divisor.coefficient,
        span,
      }));
    }
    case 'pow': {
      const [, exponent] = args;
      const n = exponent.kind === 'literal' ? exponent.value : Number.NaN;
      if (!Number.isInteger(n) || n < 1 || n > 16) return refuse(expansion, expr, 'a power other than a small whole number');
      const base = factorOrSum(expansion, args[0]);
      let power = base;
      for (let i = 1; i < n; i++) power = multiply(power, base, span);
      return power;
    }
    case 'sign':
      return expandSign(expansion, expr);
    default:
      return refuse(expansion, expr, `"${OPS[op].symbol}"`);
  }
}

/** An operand of a product: kept as one factor `name + offset` if it has that form and brackets are wanted. */
function factorOrSum(expansion: Expansion, expr: Expr): Product[] {
  const products = expand(expansion, expr);
  const bracket = expansion.brackets ? asBracket(products) : undefined;
  return bracket ? [{ coefficient: bracket.sign, factors: [bracket.factor], span: expr.span }] : products;
}

/** ±(name + whole number) as a factor with its sign. */
function asBracket(products: readonly Product[]): { sign: 1 | -1; factor: Factor } | undefined {
  if (products.length !== 2) return undefined;
  const variable = products.find(({ factors }) => factors.length === 1);
  const constant = products.find(({ factors }) => factors.length === 0);
  if (!variable || !constant || Math.abs(variable.coefficient) !== 1 || !Number.isInteger(constant.coefficient)) return undefined;
  const [factor] = variable.factors;
  if (factor.sgn || factor.offset !== undefined) return undefined;
  const sign = variable.coefficient as 1 | -1;
  return { sign, factor: constant.coefficient === 0 ? factor : { name: factor.name, offset: sign * constant.coefficient } };
}

function expandSign(expansion: Expansion, expr: Apply): Product[] {
  const products = expand(expansion, expr.args[0]);
  const [only, ...more] = products;
  const isVariable =
    only !== undefined && more.length === 0 && only.factors.length === 1 && Math.abs(only.coefficient) === 1 && !only.factors[0].sgn;
  const whole = isVariable ? { sign: only.coefficient as 1 | -1, factor: only.factors[0] } : asBracket(products);
  if (!whole) return refuse(expansion, expr, 'the sign of anything but a variable plus a whole number');
  return [{ coefficient: whole.sign, factors: [{ ...whole.factor, sgn: true }], span: expr.span }];
}

const negated = (products: readonly Product[]): Product[] => products.map((product) => ({ ...product, coefficient: -product.coefficient }));

function multiply(left: readonly Product[], right: readonly Product[], span: Span): Product[] {
  return left.flatMap((a) =>
    right.map((b) => ({
      coefficient: a.coefficient * b.coefficient,
      factors: [...a.factors, ...b.factors],
      // the whole product, or both parts of an expanded bracket
      span: left.length * right.length === 1 ? span : joinSpans(a.span, b.span),
    })),
  );
}

function refuse(expansion: Expansion, expr: Expr, what: string): Product[] {
  expansion.diagnostics.push({
    code: 'E-NOT-PRODUCTS',
    message: `${what} has no place in a sum of products`,
    title: expansion.source.title,
    text: expansion.source.text,
    span: expr.span,
    hint: 'allowed are sums and products of numbers and variables, and sign(variable ± number)',
  });
  return [];
}

/** Lava's notation: `2^-6*x1*y0 - 3*x0*(w-127)`; numbers that are not m·2^e are printed as they are. */
export function formatTerms(terms: readonly Term[]): string {
  const text = terms.map(({ sign, coefficient, factors }, i) => {
    const shown = factors.map(formatFactor);
    const product = coefficient === 1 && shown.length > 0 ? shown : [formatCoefficient(coefficient), ...shown];
    const lead = i === 0 ? (sign < 0 ? '-' : '') : sign < 0 ? ' - ' : ' + ';
    return lead + product.join('*');
  });
  return text.length === 0 ? '0' : text.join('');
}

function formatFactor({ name, offset, sgn }: Factor): string {
  const shifted = offset === undefined || offset === 0 ? name : `${name}${offset < 0 ? '-' : '+'}${Math.abs(offset)}`;
  return sgn ? `sgn(${shifted})` : shifted === name ? name : `(${shifted})`;
}

/** A whole number as it is; a fraction as n*2^e where that is exact. */
function formatCoefficient(coefficient: number): string {
  if (Number.isInteger(coefficient)) return String(coefficient);
  for (let e = -1, n = coefficient * 2; e >= -60; e--, n *= 2) if (Number.isInteger(n)) return n === 1 ? `2^${e}` : `${n}*2^${e}`;
  return String(coefficient);
}
