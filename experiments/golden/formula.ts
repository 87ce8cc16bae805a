/**
 * Formulas in words of recordings: `G[o][i] = 1e-06 + 9e-05 * ((7*i + 13*o) mod 17)/16 siemens`, `0.2 V where i mod 4 == 0`,
 * `abs of cos(0.3*j)`, `V[i] = 0.2 if i mod 3 == 0 else 0 (driven to ground)`. What cannot be read is a clear complaint.
 */
import { Difference } from './compare.ts';

type Names = Readonly<Record<string, number>>;
export type Formula = (names: Names) => number;
type Node = Formula;

const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  exp: Math.exp,
  sqrt: Math.sqrt,
  log: Math.log,
  floor: Math.floor,
};

/** Binary operators by how tightly they bind. */
const OPERATORS: Readonly<Record<string, readonly [level: number, apply: (a: number, b: number) => number]>> = {
  or: [0, (a, b) => (a || b ? 1 : 0)],
  and: [1, (a, b) => (a && b ? 1 : 0)],
  '==': [2, (a, b) => (a === b ? 1 : 0)],
  '!=': [2, (a, b) => (a !== b ? 1 : 0)],
  '<': [2, (a, b) => (a < b ? 1 : 0)],
  '<=': [2, (a, b) => (a <= b ? 1 : 0)],
  '>': [2, (a, b) => (a > b ? 1 : 0)],
  '>=': [2, (a, b) => (a >= b ? 1 : 0)],
  '+': [3, (a, b) => a + b],
  '-': [3, (a, b) => a - b],
  '*': [4, (a, b) => a * b],
  '/': [4, (a, b) => a / b],
  mod: [4, (a, b) => a - b * Math.floor(a / b)],
  '^': [5, (a, b) => a ** b],
  '**': [5, (a, b) => a ** b],
};

const TOKEN = /\s*(\d+\.?\d*(?:e[-+]?\d+)?|[A-Za-z]\w*|\*\*|==|!=|<=|>=|[-+*/^()<>])/iy;
/** Words that end a formula: units and remarks. */
const REMARK = /\s+(siemens|volts?|V|S|A|seconds|s)\b.*$/;

export function formula(text: string): Formula {
  // `G[o][i] = …`, and a remark in brackets at the end
  const body = text.replace(/^\s*\w+(\[\w+\])*\s*=(?!=)\s*/, '').replace(/\s\([a-z][a-z ]+ [^)]*\)\s*$/i, '');
  const where = /^(.*?)\s+where\s+(.*)$/.exec(body);
  if (where !== null) {
    const [value, condition] = [formula(where[1]), formula(where[2])];
    return (names) => (condition(names) ? value(names) : 0);
  }
  const either = /^(.*?)\s+if\s+(.*?)\s+else\s+(.*)$/.exec(body);
  if (either !== null) {
    const [value, condition, other] = either.slice(1).map(formula);
    return (names) => (condition(names) ? value(names) : other(names));
  }
  const absolute = /^abs of\s+(.*)$/.exec(body);
  if (absolute !== null) {
    const value = formula(absolute[1]);
    return (names) => Math.abs(value(names));
  }
  return expression(body.replace(REMARK, ''), text);
}

function expression(source: string, whole: string): Node {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < source.trimEnd().length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(source);
    if (match === null) throw new Difference(`cannot read the formula "${whole}" from "${source.slice(at)}"`);
    tokens.push(match[1]);
  }
  let next = 0;
  const fail = (): never => {
    throw new Difference(`cannot read the formula "${whole}" at "${tokens.slice(next).join(' ') || 'its end'}"`);
  };
  const expect = (token: string): void => {
    if (tokens[next++] !== token) fail();
  };
  const primary = (): Node => {
    const token = tokens[next++];
    if (token === undefined) return fail();
    if (/^\d/.test(token)) {
      const value = Number(token);
      return () => value;
    }
    if (token === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    if (token === '-') {
      const operand = binary(4);
      return (names) => -operand(names);
    }
    if (Object.hasOwn(FUNCTIONS, token) && tokens[next] === '(') {
      next++;
      const argument = binary(0);
      expect(')');
      return (names) => FUNCTIONS[token](argument(names));
    }
    if (!/^[A-Za-z]/.test(token) || Object.hasOwn(OPERATORS, token)) return fail();
    return (names) => {
      if (!Object.hasOwn(names, token)) throw new Difference(`the formula "${whole}" names "${token}", which the recording does not say`);
      return names[token];
    };
  };
  const binary = (level: number): Node => {
    let left = primary();
    for (let row = OPERATORS[tokens[next]]; row !== undefined && row[0] >= level; row = OPERATORS[tokens[next]]) {
      next++;
      const [own, apply] = row;
      const [a, b] = [left, binary(own + 1)];
      left = (names) => apply(a(names), b(names));
    }
    return left;
  };
  const read = binary(0);
  if (next < tokens.length) fail();
  return read;
}
