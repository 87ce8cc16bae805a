/**
 * Reads the learning-rule strings of Lava and NxSDK: `dw = 2^-6*x1*y0 - 2^-6*x0*y1`. A rule is a signed sum of products; a product holds one
 * dependency (x0: pre spike, y0: post spike, u<k>: every 2^k-th epoch), variables, brackets `(variable ± number)`, `sgn(…)` of w, d or t, and
 * numbers n, 2^e, n*2^e that together make one scale m·2^e.
 *
 * The grammar follows SymbolicEquation and ProductSeries of lava-nc. Where these read a text as something else than it says (`u10*w` as
 * u1·0·w, `((2))*x0` as x0, a fraction in a bracket that the integer machine drops), it is refused here with what was probably meant.
 * An x0 or y0 behind the dependency of a product is a factor that is 1 if that side has spiked too, as in Lava's integer model.
 */
import type { Diagnostic, Span } from '../program/diagnostics.ts';
import { parseExpression } from '../program/parse.ts';
import type { Syntax } from '../program/syntax.ts';
import type { Factor, Term } from './sum-of-products.ts';

export type LavaTarget = 'dw' | 'dd' | 'dt';

export type Dependency = { readonly kind: 'x0' | 'y0' } | { readonly kind: 'u'; readonly exponent: number };

export interface LavaTerm extends Term {
  readonly dependency: Dependency;
  /** Signed m of the scale m·2^e, -8 … 7. */
  readonly mantissa: number;
  /** e of the scale, -7 … 8. */
  readonly exponent: number;
}

export interface LavaRule {
  readonly target: LavaTarget;
  readonly terms: readonly LavaTerm[];
  /** k of the one u_k that all products share; undefined if there is none. */
  readonly decimateExponent: number | undefined;
}

/** Variables that products may hold, as written; `r` is another spelling of the reward trace `r1`. */
const VARIABLES: Readonly<Record<string, string>> = Object.fromEntries([
  ...['x1', 'x2', 'y1', 'y2', 'y3', 'w', 'd', 't', 'r1'].map((name) => [name, name]),
  ['r', 'r1'],
]);

/** The variable that a name stands for; undefined if it is none. */
export const variableOf = (name: string): string | undefined => (Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined);

interface Reader {
  readonly title: string;
  readonly text: string;
  readonly diagnostics: Diagnostic[];
}

/** What one product has gathered. */
interface Gathered {
  dependency: Dependency | undefined;
  factors: Factor[];
  mantissa: number;
  exponent: number;
}

export function parseLavaRule(target: LavaTarget, text: string): LavaRule | Diagnostic[] {
  const title = `rule ${target}`;
  const { tree, diagnostics } = parseExpression(text, title);
  if (!tree) return [...diagnostics];
  const reader: Reader = { title, text, diagnostics: [] };
  const terms: LavaTerm[] = [];
  for (const { syntax, sign } of splitSum(tree, 1)) {
    const term = readProduct(reader, syntax, sign);
    if (term) terms.push(term);
  }
  const decimateExponent = sharedDecimation(reader, terms);
  return reader.diagnostics.length > 0 ? reader.diagnostics : { target, terms, decimateExponent };
}

function report(reader: Reader, code: string, span: Span, message: string, hint: string): undefined {
  reader.diagnostics.push({ code, message, title: reader.title, text: reader.text, span, hint });
  return undefined;
}

/** The summands at the top, outside all brackets, with their signs. */
function splitSum(syntax: Syntax, sign: 1 | -1): { syntax: Syntax; sign: 1 | -1 }[] {
  if (syntax.kind !== 'operator') return [{ syntax, sign }];
  const flipped = -sign as 1 | -1;
  if (syntax.op === 'add' || syntax.op === 'sub') {
    return [...splitSum(syntax.args[0], sign), ...splitSum(syntax.args[1], syntax.op === 'sub' ? flipped : sign)];
  }
  return [{ syntax, sign }];
}

function readProduct(reader: Reader, syntax: Syntax, sign: 1 | -1): LavaTerm | undefined {
  const gathered: Gathered = { dependency: undefined, factors: [], mantissa: sign, exponent: 0 };
  const before = reader.diagnostics.length;
  readItem(reader, syntax, gathered);
  if (reader.diagnostics.length > before) return undefined;
  const { dependency, factors } = gathered;
  if (!dependency) {
    return report(
      reader,
      'E-NO-DEPENDENCY',
      syntax.span,
      'this product does not say when it applies',
      'multiply it by x0 (at a pre spike), y0 (at a post spike) or u0 … u9 (every 2^k-th epoch)',
    );
  }
  const scale = normaliseScale(gathered.mantissa, gathered.exponent);
  const { mantissa, exponent } = scale;
  if (mantissa < -8 || mantissa > 7 || exponent < -7 || exponent > 8) {
    const hint = 'the scale of a product is m*2^e with m from -8 to 7 and e from -7 to 8';
    return report(reader, 'E-SCALE', syntax.span, `the numbers of this product make ${mantissa}*2^${exponent}, which does not fit`, hint);
  }
  const value = mantissa * 2 ** exponent;
  const isNegative = mantissa < 0;
  return {
    sign: isNegative ? -1 : 1,
    coefficient: Math.abs(value),
    factors,
    span: syntax.span,
    dependency,
    mantissa: mantissa + 0,
    exponent,
  };
}

/** While the mantissa is above 7 in size and even, and there is room, a factor 2 moves into the exponent. */
export function normaliseScale(mantissa: number, exponent: number): { mantissa: number; exponent: number } {
  let [m, e] = [mantissa, exponent];
  while (Math.abs(m) > 7 && m % 2 === 0 && e < 8) {
    m /= 2;
    e += 1;
  }
  return { mantissa: m, exponent: e };
}

function readItem(reader: Reader, syntax: Syntax, gathered: Gathered): void {
  switch (syntax.kind) {
    case 'number':
      readNumber(reader, syntax.value, syntax.span, gathered);
      return;
    case 'name':
      readName(reader, syntax.name, syntax.span, gathered);
      return;
    case 'group':
      readBracket(reader, syntax.inner, syntax.span, gathered);
      return;
    case 'call':
      readSign(reader, syntax, gathered);
      return;
    case 'index':
      report(reader, 'E-NON-LOCAL', syntax.span, `"${syntax.name}" is not local`, 'a rule sees only the values at its own synapse');
      return;
    case 'operator':
      readOperator(reader, syntax, gathered);
  }
}

function readOperator(reader: Reader, syntax: Syntax & { kind: 'operator' }, gathered: Gathered): void {
  const [left, right] = syntax.args;
  switch (syntax.op) {
    case 'mul':
      readItem(reader, left, gathered);
      readItem(reader, right, gathered);
      return;
    case 'neg':
      gathered.mantissa *= -1;
      readItem(reader, left, gathered);
      return;
    case 'pow': {
      const exponent = wholeNumber(right);
      if (left.kind !== 'number' || left.value !== 2 || exponent === undefined) {
        report(
          reader,
          'E-SYNTAX',
          syntax.span,
          'only powers of two are allowed here',
          left.kind === 'name' ? `write ${left.name}*${left.name} for a square` : 'write 2^e with a whole number e',
        );
        return;
      }
      gathered.exponent += exponent;
      return;
    }
    case 'div':
      report(reader, 'E-SYNTAX', syntax.opSpan, 'a learning rule cannot divide', 'write a power of two for the reciprocal: x/2 is 2^-1*x');
      return;
    default:
      report(
        reader,
        'E-SYNTAX',
        syntax.opSpan,
        `"${reader.text.slice(syntax.opSpan.start, syntax.opSpan.end)}" is not allowed in a product`,
        'a product is made of *, brackets and sgn',
      );
  }
}

function readNumber(reader: Reader, value: number, span: Span, gathered: Gathered): void {
  if (!Number.isSafeInteger(value) || /[.eE]/.test(reader.text.slice(span.start, span.end))) {
    report(reader, 'E-DECIMAL', span, `${reader.text.slice(span.start, span.end)} is not a whole number`, decimalHint(value));
    return;
  }
  gathered.mantissa *= value;
}

/** The exact m·2^e, or the nearest one. */
function decimalHint(value: number): string {
  for (let e = 8; e >= -7; e--) {
    const m = value / 2 ** e;
    if (Number.isInteger(m) && m !== 0 && Math.abs(m) <= 7) return `write it as ${m}*2^${e}`;
  }
  const e = Math.max(-7, Math.min(8, Math.floor(Math.log2(Math.abs(value) || 1)) - 2));
  const m = Math.round(value / 2 ** e);
  return `write it as m*2^e; ${m}*2^${e} = ${m * 2 ** e} is near`;
}

function readName(reader: Reader, name: string, span: Span, gathered: Gathered): void {
  const dependency = dependencyOf(name);
  if (dependency) {
    const first = gathered.dependency;
    if (!first) gathered.dependency = dependency;
    else if (dependency.kind !== 'u') gathered.factors.push({ name });
    else
      report(
        reader,
        'E-TWO-DEPENDENCIES',
        span,
        `"${name}" is a second dependency in this product`,
        'a product applies at a spike or every 2^k-th epoch, not at both',
      );
    return;
  }
  const variable = variableOf(name);
  if (variable) gathered.factors.push({ name: variable });
  else report(reader, 'E-UNKNOWN-NAME', span, `unknown symbol "${name}"`, unknownHint(name));
}

/** x0, y0, u0 … u9 */
export function dependencyOf(name: string): Dependency | undefined {
  if (name === 'x0' || name === 'y0') return { kind: name };
  return /^u[0-9]$/.test(name) ? { kind: 'u', exponent: Number(name[1]) } : undefined;
}

function unknownHint(name: string): string {
  const many = /^u(\d)(\d+)$/.exec(name);
  if (many) return `u takes one digit, u0 to u9: every 2^k-th epoch; Lava would read this as u${many[1]}*${Number(many[2])}`;
  if (name === 'u') return 'u needs its digit: u0 for every epoch, u1 for every second, u2 for every fourth';
  if (name === 'r0') return 'Lava has no reward dependency; use u0 and the reward trace r1';
  return `variables are x1 x2 y1 y2 y3 w d t r1; dependencies are x0 y0 u0 … u9`;
}

/** `(variable ± number)`, `(number ± variable)`, `(±number)`, `(variable)`. */
function readBracket(reader: Reader, inner: Syntax, span: Span, gathered: Gathered): void {
  if (inner.kind === 'group') {
    report(reader, 'E-BRACKET', span, 'double brackets', 'Lava silently drops a number in double brackets; write single ones');
    return;
  }
  const parts = readBracketSum(reader, inner, span);
  if (!parts) return;
  const { sign, name, constant } = parts;
  if (name !== undefined && sign < 0 && splitSum(inner, 1).length === 1) {
    report(reader, 'E-BRACKET', span, 'a variable alone in a bracket has a minus', 'Lava drops that sign; write it before the product');
    return;
  }
  if (name === undefined) {
    gathered.mantissa *= constant.mantissa;
    gathered.exponent += constant.exponent;
    return;
  }
  gathered.mantissa *= sign;
  gathered.factors.push(withOffset(name, sign * constant.value));
}

const withOffset = (name: string, offset: number): Factor => (offset === 0 ? { name } : { name, offset });

interface BracketParts {
  /** Sign of the variable. */
  readonly sign: 1 | -1;
  readonly name: string | undefined;
  readonly constant: { readonly value: number; readonly mantissa: number; readonly exponent: number };
}

function readBracketSum(reader: Reader, inner: Syntax, span: Span): BracketParts | undefined {
  const wrong = (at: Span) =>
    report(
      reader,
      'E-BRACKET',
      at,
      'a bracket holds one variable and one number, (w - 127), or one number',
      'multiply larger sums out: x0*(x1 + y1) is x0*x1 + x0*y1',
    );
  let name: string | undefined;
  let sign: 1 | -1 = 1;
  let constant: { value: number; mantissa: number; exponent: number } | undefined;
  for (const summand of splitSum(inner, 1)) {
    let { syntax } = summand;
    let own: 1 | -1 = summand.sign;
    if (syntax.kind === 'operator' && syntax.op === 'neg') [syntax, own] = [syntax.args[0], -own as 1 | -1];
    if (syntax.kind === 'name') {
      if (name !== undefined) return wrong(span);
      if (variableOf(syntax.name) === undefined) {
        const isDependency = dependencyOf(syntax.name) !== undefined;
        const message = isDependency ? `dependency "${syntax.name}" inside a bracket` : `unknown symbol "${syntax.name}"`;
        return report(
          reader,
          isDependency ? 'E-BRACKET' : 'E-UNKNOWN-NAME',
          syntax.span,
          message,
          isDependency ? 'write it as a factor of its own' : unknownHint(syntax.name),
        );
      }
      [name, sign] = [VARIABLES[syntax.name], own];
      continue;
    }
    const before = reader.diagnostics.length;
    const number = readScale(reader, syntax);
    if (reader.diagnostics.length > before) return undefined;
    if (!number || constant !== undefined) return wrong(span);
    constant = { value: own * number.mantissa * 2 ** number.exponent, mantissa: own * number.mantissa, exponent: number.exponent };
    if (!Number.isInteger(constant.value) && splitSum(inner, 1).length > 1) {
      return report(
        reader,
        'E-FRACTION',
        syntax.span,
        `a fraction (${number.mantissa * 2 ** number.exponent}) cannot be added to a variable`,
        'the chip drops the fraction; add a whole number',
      );
    }
  }
  return { sign, name, constant: constant ?? { value: 0, mantissa: 1, exponent: 0 } };
}

/** n, 2^e or n*2^e; undefined if it is something else, a diagnostic if it is a decimal. */
function readScale(reader: Reader, syntax: Syntax): { mantissa: number; exponent: number } | undefined {
  if (syntax.kind === 'number') {
    const gathered: Gathered = { dependency: undefined, factors: [], mantissa: 1, exponent: 0 };
    readNumber(reader, syntax.value, syntax.span, gathered);
    return { mantissa: gathered.mantissa, exponent: 0 };
  }
  if (syntax.kind !== 'operator') return undefined;
  const [left, right] = syntax.args;
  if (syntax.op === 'pow') {
    const exponent = wholeNumber(right);
    return left.kind === 'number' && left.value === 2 && exponent !== undefined ? { mantissa: 1, exponent } : undefined;
  }
  // n*2^e only: of any other product Lava would read the first number and drop the rest
  if (syntax.op !== 'mul' || left.kind !== 'number' || right.kind !== 'operator') return undefined;
  const [a, b] = [readScale(reader, left), readScale(reader, right)];
  return a && b && { mantissa: a.mantissa, exponent: b.exponent };
}

/** A whole number with or without a sign. */
function wholeNumber(syntax: Syntax): number | undefined {
  if (syntax.kind === 'group') return wholeNumber(syntax.inner);
  if (syntax.kind === 'operator' && syntax.op === 'neg') {
    const positive = wholeNumber(syntax.args[0]);
    return positive === undefined ? undefined : -positive;
  }
  return syntax.kind === 'number' && Number.isInteger(syntax.value) ? syntax.value : undefined;
}

function readSign(reader: Reader, syntax: Syntax & { kind: 'call' }, gathered: Gathered): void {
  const { name, nameSpan, span, args } = syntax;
  if (name !== 'sgn' || args.length !== 1) {
    const hint = dependencyOf(name) || variableOf(name) ? `write "${name}*(…)" for a product` : 'the only function is sgn(w ± number)';
    report(reader, 'E-UNKNOWN-NAME', nameSpan, `"${name}(…)" is not a function of learning rules`, hint);
    return;
  }
  const parts = readBracketSum(reader, args[0], span);
  if (!parts) return;
  if (parts.name === undefined || !['w', 'd', 't'].includes(parts.name)) {
    report(
      reader,
      'E-SIGN',
      span,
      'sgn takes w, d or t, with a number added or not',
      'traces are never negative; their sign is no information',
    );
    return;
  }
  if (parts.sign < 0) {
    report(reader, 'E-SIGN', span, `the variable of sgn must stand with a plus`, 'turn it round: sgn(5 - w) is -sgn(w - 5)');
    return;
  }
  gathered.factors.push({ ...withOffset(parts.name, parts.constant.value), sgn: true });
}

/** All u_k of a rule count the same epochs. */
function sharedDecimation(reader: Reader, terms: readonly LavaTerm[]): number | undefined {
  let shared: number | undefined;
  for (const { dependency, span } of terms) {
    if (dependency.kind !== 'u') continue;
    if (shared === undefined) shared = dependency.exponent;
    else if (shared !== dependency.exponent) {
      report(
        reader,
        'E-TWO-DECIMATIONS',
        span,
        `u${dependency.exponent} stands beside u${shared}`,
        'all u of dw, dd and dt together must have the same digit',
      );
      return shared;
    }
  }
  return shared;
}
