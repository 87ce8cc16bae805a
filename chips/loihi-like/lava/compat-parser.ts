/**
 * Reads a learning rule exactly as Lava reads it, mistakes included: the `lava-compat` mode. Lava cuts the text into symbols from left to right
 * and lets several texts mean something else than they say (`u10*w` is u1·0·w, a number in double brackets is dropped, `(2*w)` is w + 2). Each
 * such reading is listed in `readings`, in words. For everything but comparing with Lava use `parseLavaRule`, which refuses these texts.
 *
 * Behaviour of SymbolicEquation and ProductSeries of lava-nc/lava 0.11, restated.
 */
import { UserError } from '../../../core/errors.ts';
import type { LavaTarget } from '../../../core/plasticity/lava-rule.ts';
import { normaliseScale } from '../../../core/plasticity/lava-rule.ts';

export interface LavaFactor {
  /** x0 x1 x2 y0 y1 y2 y3 w d t */
  readonly name: string;
  /** Added to the variable; a fraction is possible here. */
  readonly constant?: number;
  readonly sgn: boolean;
}

export interface LavaProduct {
  readonly dependency: 'x0' | 'y0' | 'u';
  /** k of u_k. */
  readonly decimation?: number;
  readonly mantissa: number;
  readonly exponent: number;
  readonly factors: readonly LavaFactor[];
}

export interface LavaSeries {
  readonly target: LavaTarget;
  readonly products: readonly LavaProduct[];
  readonly decimation?: number;
  /** What Lava makes of texts that say something else; empty for a sound rule. */
  readonly readings: readonly string[];
}

type LavaSymbol =
  | { readonly kind: '+' | '-' | '*' }
  | { readonly kind: 'dependency' | 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly mantissa: number; readonly exponent: number; readonly value: number; readonly text: string }
  | { readonly kind: 'bracket' | 'sgn'; readonly inner: readonly LavaSymbol[]; readonly text: string };

interface Reading {
  readonly target: LavaTarget;
  readonly text: string;
  readonly readings: string[];
  decimation: number | undefined;
}

export function parseLavaCompat(target: LavaTarget, text: string): LavaSeries {
  const reading: Reading = { target, text, readings: [], decimation: undefined };
  const products = splitProducts(symbolsOf(reading, text.replaceAll(' ', ''))).map((symbols) => readProduct(reading, symbols));
  const { decimation, readings } = reading;
  return { target, products, readings, ...(decimation === undefined ? {} : { decimation }) };
}

function refuse({ target, text }: Reading, message: string): never {
  throw new UserError([{ code: 'E-LAVA-RULE', message: `${target} = ${text}: ${message}`, hint: 'Lava refuses this rule too' }]);
}

const SIMPLE = /^(?:([+*-])|([xy]0|u\d)|(x[12]|y[123]|[wdt]))/;
const LITERAL = /^(?:(\d+)\*2\^([+-]?\d+)|2\^([+-]?\d+)|(\d+))/;

function symbolsOf(reading: Reading, text: string): LavaSymbol[] {
  const symbols: LavaSymbol[] = [];
  let rest = text;
  do {
    const { symbol, length } = nextSymbol(reading, rest);
    rest = rest.slice(length);
    if (symbol.kind === 'dependency' && symbol.name.startsWith('u') && /^\d/.test(rest)) {
      reading.readings.push(`${symbol.name}${/^\d+/.exec(rest)?.[0]} is read as ${symbol.name} * ${Number(/^\d+/.exec(rest)?.[0])}`);
    }
    symbols.push(symbol);
  } while (rest.length > 0);
  return symbols;
}

function nextSymbol(reading: Reading, text: string): { symbol: LavaSymbol; length: number } {
  const simple = SIMPLE.exec(text);
  if (simple !== null) {
    const [all, operator, dependency, variable] = simple;
    if (operator !== undefined) return { symbol: { kind: operator as '+' | '-' | '*' }, length: 1 };
    const kind = dependency === undefined ? 'variable' : 'dependency';
    return { symbol: { kind, name: dependency ?? variable }, length: all.length };
  }
  const opening = /^(?:\(|sgn\()/.exec(text)?.[0];
  if (opening !== undefined) {
    const end = closingBracket(text);
    if (end === undefined) refuse(reading, 'a bracket is not closed');
    const inner = text.slice(opening.length, end);
    const kind = opening === '(' ? 'bracket' : 'sgn';
    return { symbol: { kind, inner: symbolsOf(reading, inner), text: text.slice(0, end + 1) }, length: end + 1 };
  }
  const literal = LITERAL.exec(text);
  if (literal === null) refuse(reading, text === '' ? 'something is missing' : `"${text}" begins with no symbol of the language`);
  const [all, factor, factorExponent, power, plain] = literal;
  // Python refuses numbers with leading zeros, signs or not
  if ([factor, factorExponent, power, plain].some((number) => number !== undefined && /^[+-]?0+[1-9]/.test(number))) {
    refuse(reading, `"${all}" has a leading zero`);
  }
  const mantissa = Number(factor ?? plain ?? 1);
  const exponent = Number(factorExponent ?? power ?? 0);
  return { symbol: { kind: 'literal', mantissa, exponent, value: mantissa * 2 ** exponent, text: all }, length: all.length };
}

function closingBracket(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '(' && text[i] !== ')') continue;
    depth += text[i] === '(' ? 1 : -1;
    if (depth === 0) return i;
  }
  return undefined;
}

/** A sign opens a product, unless nothing precedes it. Times signs say nothing. */
function splitProducts(symbols: readonly LavaSymbol[]): LavaSymbol[][] {
  const products: LavaSymbol[][] = [[]];
  for (const symbol of symbols) {
    if (symbol.kind === '*') continue;
    const current = products[products.length - 1];
    if ((symbol.kind === '+' || symbol.kind === '-') && current.length > 0) products.push([symbol]);
    else current.push(symbol);
  }
  return products;
}

/** What one product has gathered. */
interface Gathered {
  dependency: LavaProduct['dependency'] | undefined;
  decimation: number | undefined;
  mantissa: number;
  exponent: number;
  readonly factors: LavaFactor[];
}

function readProduct(reading: Reading, symbols: readonly LavaSymbol[]): LavaProduct {
  const gathered: Gathered = { dependency: undefined, decimation: undefined, mantissa: 1, exponent: 0, factors: [] };
  for (const symbol of symbols) readSymbol(reading, symbol, gathered);
  const { dependency, decimation, factors } = gathered;
  const { mantissa, exponent } = normaliseScale(gathered.mantissa, gathered.exponent);
  if (dependency === undefined) refuse(reading, 'a product has no dependency x0, y0 or u_k');
  if (mantissa < -8 || mantissa > 7) refuse(reading, `the mantissa ${mantissa} of a product is outside -8 … 7`);
  if (exponent < -7 || exponent > 8) refuse(reading, `the exponent ${exponent} of a product is outside -7 … 8`);
  if (decimation !== undefined && dependency !== 'u') refuse(reading, `u${decimation} stands behind ${dependency} in one product`);
  return { dependency, mantissa: mantissa + 0, exponent, factors, ...(decimation === undefined ? {} : { decimation }) };
}

function readSymbol(reading: Reading, symbol: LavaSymbol, gathered: Gathered): void {
  switch (symbol.kind) {
    case '+':
    case '*':
      return;
    case '-':
      gathered.mantissa *= -1;
      return;
    case 'variable':
      gathered.factors.push({ name: symbol.name, sgn: false });
      return;
    case 'literal':
      gathered.mantissa *= symbol.mantissa;
      gathered.exponent += symbol.exponent;
      return;
    case 'dependency':
      readDependency(reading, symbol.name, gathered);
      return;
    default:
      readBracket(reading, symbol, gathered);
  }
}

function readDependency(reading: Reading, name: string, gathered: Gathered): void {
  if (!name.startsWith('u')) {
    if (gathered.dependency === undefined) gathered.dependency = name as 'x0' | 'y0';
    else gathered.factors.push({ name, sgn: false });
    return;
  }
  const k = Number(name[1]);
  if (reading.decimation !== undefined && reading.decimation !== k) refuse(reading, `u${k} stands beside u${reading.decimation}`);
  reading.decimation = k;
  gathered.decimation = k;
  if (gathered.dependency === 'u') reading.readings.push(`the second ${name} of a product is ignored`);
  gathered.dependency ??= 'u';
}

const isOperator = ({ kind }: LavaSymbol): boolean => kind === '+' || kind === '-' || kind === '*';
const isName = (symbol: LavaSymbol | undefined): symbol is LavaSymbol & { readonly name: string } =>
  symbol?.kind === 'variable' || symbol?.kind === 'dependency';

function readBracket(reading: Reading, bracket: LavaSymbol & { readonly kind: 'bracket' | 'sgn' }, gathered: Gathered): void {
  const { kind, inner, text } = bracket;
  const list: readonly LavaSymbol[] = isOperator(inner[0]) ? inner : [{ kind: '+' }, ...inner];
  const factor = list.length <= 2 ? readSingle(reading, list, text, gathered) : readSum(reading, list, text, gathered, kind === 'sgn');
  if (kind === 'bracket') {
    if (factor !== undefined) gathered.factors.push({ ...factor, sgn: false });
    return;
  }
  if (factor === undefined || !['w', 'd', 't'].includes(factor.name)) refuse(reading, `${text}: sgn takes w, d or t`);
  gathered.factors.push({ ...factor, sgn: true });
}

type Bracketed = Omit<LavaFactor, 'sgn'>;

/** `(v)` or `(number)`. The sign of a lone variable is lost, and anything else is dropped. */
function readSingle(reading: Reading, list: readonly LavaSymbol[], text: string, gathered: Gathered): Bracketed | undefined {
  if (list.length < 2) refuse(reading, `${text}: nothing stands behind the sign`);
  const [sign, symbol] = list;
  if (symbol.kind === 'variable') {
    if (sign.kind === '-') reading.readings.push(`${text} is read as ${symbol.name}: its sign is dropped`);
    return { name: symbol.name };
  }
  if (symbol.kind === 'literal') {
    gathered.mantissa *= sign.kind === '-' ? -symbol.mantissa : symbol.mantissa;
    gathered.exponent += symbol.exponent;
  } else reading.readings.push(`${text} is dropped`);
  return undefined;
}

/** Lava looks at the first four symbols only: sign, value, sign, value. */
function readSum(reading: Reading, list: readonly LavaSymbol[], text: string, gathered: Gathered, isSign: boolean): Bracketed {
  const [firstSign, first, secondSign, second] = list;
  const wrong = (): never => refuse(reading, `${text} is not a variable and a number`);
  let parts: { name: string; nameSign: LavaSymbol; literal: LavaSymbol; literalSign: LavaSymbol };
  if (isName(first) && second?.kind === 'literal') {
    parts = { name: first.name, nameSign: firstSign, literal: second, literalSign: secondSign };
  } else if (isName(second) && first.kind === 'literal') {
    parts = { name: second.name, nameSign: secondSign, literal: first, literalSign: firstSign };
  } else return wrong();
  const { name, nameSign, literal, literalSign } = parts;
  if (name.startsWith('u') || literal.kind !== 'literal') return wrong();
  const isNegative = nameSign.kind === '-';
  if (isNegative && isSign) refuse(reading, `${text}: the variable of sgn must stand with a plus`);
  let constant = literalSign.kind === '-' ? -literal.value : literal.value;
  if (isNegative) {
    constant = -constant;
    gathered.mantissa *= -1;
  }
  if (list.length > 4) reading.readings.push(`${text} ends for Lava after ${isName(first) ? literal.text : name}: the rest is dropped`);
  if (secondSign.kind === '*') reading.readings.push(`${text} is read as ${name} + ${literal.text}`);
  if (!Number.isInteger(constant)) {
    reading.readings.push(`${text} keeps the fraction ${constant}, which the integer engine truncates after adding`);
  }
  return { name, constant: constant + 0 };
}

/** Traces that are read under each dependency, in alphabetical order. */
export function tracesByDependency({ products }: Pick<LavaSeries, 'products'>): Record<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { dependency, factors } of products) {
    const traces = found.get(dependency) ?? new Set();
    for (const { name } of factors) if (/^[xy][123]$/.test(name)) traces.add(name);
    found.set(dependency, traces);
  }
  return Object.fromEntries([...found].map(([dependency, traces]) => [dependency, [...traces].sort()]));
}
