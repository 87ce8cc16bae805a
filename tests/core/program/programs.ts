/** Random programs over random symbol tables, and the slow way to run a loop: what the property tests of the language share. */
import fc from 'fast-check';
import { evaluate, evaluateExpr } from '../../../core/program/evaluate.ts';
import type { Binding, KernelSpec, NumericArray } from '../../../core/program/kernel.ts';
import type { NumberFormat } from '../../../core/program/number-format.ts';
import { FLOAT32, FLOAT64, int } from '../../../core/program/number-format.ts';
import type { Scope, SymbolInfo } from '../../../core/program/symbols.ts';
import { normalAt, uniformAt } from '../../../core/random.ts';

/** Synapse loops and neuron loops know different scopes. */
export const SYNAPSE_SCOPES: readonly Scope[] = ['synapse', 'pre', 'post', 'modulator', 'constant'];
export const NEURON_SCOPES: readonly Scope[] = ['neuron', 'modulator', 'constant'];

const format: fc.Arbitrary<NumberFormat> = fc.oneof(
  fc.constant(FLOAT64),
  fc.constant(FLOAT32),
  fc
    .record({
      bits: fc.integer({ min: 2, max: 16 }),
      fraction: fc.integer({ min: 0, max: 8 }),
      signed: fc.boolean(),
      rounding: fc.constantFrom('floor' as const, 'nearest' as const, 'stochastic' as const),
      overflow: fc.constantFrom('saturate' as const, 'wrap' as const),
    })
    .map(({ bits, ...rest }) => int(bits, rest)),
);

/** Two names of every scope, each with its own format, and one counter. */
export const symbolsOf = (scopes: readonly Scope[]): fc.Arbitrary<SymbolInfo[]> =>
  fc.array(format, { minLength: 2 * scopes.length, maxLength: 2 * scopes.length }).map((formats) => [
    ...scopes.flatMap((scope, i) =>
      ['a', 'b'].map((letter, j) => ({
        name: `${scope}_${letter}`,
        scope,
        format: scope === 'constant' ? (i % 2 ? FLOAT32 : FLOAT64) : formats[2 * i + j],
        writable: scope !== 'constant',
      })),
    ),
    { name: 'hits', scope: 'counter', format: FLOAT64, writable: true },
  ]);

const literal = fc.constantFrom('0', '1', '2', '-1', '-0', '0.5', '0.1', '3', '127', '2^-6', '1e-3', '-2.75', '1024', '7', 'f32(0.3)');

/** Texts of numbers and conditions over `names`; deep enough to need brackets, shallow enough to stay finite mostly. */
export function expressionText(names: readonly string[]): { number: fc.Arbitrary<string>; condition: fc.Arbitrary<string> } {
  const { number, condition } = fc.letrec<{ number: string; condition: string }>((tie) => {
    const n = tie('number');
    const c = tie('condition');
    return {
      number: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { arbitrary: fc.constantFrom(...names), weight: 5 },
        { arbitrary: literal, weight: 3 },
        { arbitrary: fc.constantFrom('uniform()', 'normal()'), weight: 1 },
        { arbitrary: fc.tuple(n, fc.constantFrom('+', '-', '*', '/'), n).map(([a, op, b]) => `(${a}) ${op} (${b})`), weight: 8 },
        { arbitrary: fc.tuple(n, fc.constantFrom('2', '3', '-1', '0.5', '4')).map(([a, b]) => `(${a})^${b}`), weight: 1 },
        { arbitrary: n.map((a) => `-(${a})`), weight: 1 },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('exp', 'log', 'sqrt', 'abs', 'sign', 'floor', 'ceil', 'trunc', 'round', 'stochastic', 'f32'), n)
            .map(([f, a]) => `${f}(${a})`),
          weight: 4,
        },
        { arbitrary: fc.tuple(fc.constantFrom('min', 'max'), n, n).map(([f, a, b]) => `${f}(${a}, ${b})`), weight: 2 },
        { arbitrary: fc.tuple(n, n, n).map(([a, b, d]) => `clip(${a}, ${b}, ${d})`), weight: 2 },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('shr', 'wrap', 'wrapUnsigned'), n, fc.integer({ min: 1, max: 20 }))
            .map(([f, a, k]) => `${f}(${a}, ${k})`),
          weight: 2,
        },
        { arbitrary: fc.tuple(c, n, n).map(([a, b, d]) => `((${a}) ? (${b}) : (${d}))`), weight: 3 },
      ),
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        {
          arbitrary: fc.tuple(n, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), n).map(([a, op, b]) => `(${a}) ${op} (${b})`),
          weight: 4,
        },
        { arbitrary: fc.tuple(c, fc.constantFrom('and', 'or'), c).map(([a, op, b]) => `(${a}) ${op} (${b})`), weight: 1 },
        { arbitrary: c.map((a) => `not (${a})`), weight: 1 },
      ),
    };
  });
  return { number, condition };
}

/** A few statements: locals, assignments of every kind, counters. */
export function programText(symbols: readonly SymbolInfo[]): fc.Arbitrary<string> {
  const readable = symbols.filter(({ scope }) => scope !== 'counter').map(({ name }) => name);
  const writable = symbols.filter(({ scope, writable: may }) => may && scope !== 'counter').map(({ name }) => name);
  const { number, condition } = expressionText(readable);
  const withLocal = expressionText([...readable, 'local_a']);
  const assign = fc
    .tuple(fc.constantFrom(...writable), fc.constantFrom('=', '=', '+=', '-=', '*=', '/='), withLocal.number)
    .map(([name, op, value]) => `${name} ${op} ${value}`);
  const count = condition.map((value) => `hits += if(${value}, 1, 0)`);
  return fc
    .tuple(number, fc.array(fc.oneof({ arbitrary: assign, weight: 6 }, { arbitrary: count, weight: 1 }), { minLength: 1, maxLength: 5 }))
    .map(([local, rest]) => [`let local_a = ${local}`, ...rest].join('\n'));
}

/** Statements that change nothing where a condition does not hold, among others, in the words that `guardIdle` knows. */
export function idleText(symbols: readonly SymbolInfo[]): fc.Arbitrary<string> {
  const readable = symbols.filter(({ scope }) => scope !== 'counter').map(({ name }) => name);
  const writable = symbols.filter(({ scope, writable: may }) => may && scope !== 'counter').map(({ name }) => name);
  const { number, condition } = expressionText(readable);
  const withLocal = expressionText([...readable, 'local_a']);
  const line = fc
    .tuple(fc.constantFrom(...writable), withLocal.number, withLocal.condition, fc.constantFrom('idle', 'idle', 'half', 'count', 'always'))
    .map(([name, value, when, kind]) => {
      if (kind === 'always') return `${name} = ${value}`;
      if (kind === 'count') return `hits += if(due and (${when}), 1, 0)`;
      return `${name} = if(due${kind === 'half' ? ` and (${when})` : ''}, ${value}, ${name})`;
    });
  return fc
    .tuple(condition, number, fc.array(line, { minLength: 2, maxLength: 5 }))
    .map(([due, local, lines]) => [`let due = ${due}`, `let local_a = ${local}`, ...lines].join('\n'));
}

/** Visits the items of a loop in the kernel's order: rows or list entries from the first, synapses within a row from the first. */
export function visit(
  spec: KernelSpec,
  a: number | Int32Array,
  b: number,
  each: (item: number, row: number, target: number) => void,
): void {
  const { loop } = spec;
  const list = a as Int32Array;
  if (loop.kind === 'each' || loop.kind === 'fire') for (let i = a as number; i < b; i++) each(i, i, i);
  else if (loop.kind === 'list') for (let n = 0; n < b; n++) each(list[n], list[n], list[n]);
  else if (loop.kind === 'rows') {
    for (let n = 0; n < b; n++) for (let k = loop.rowStart[list[n]]; k < loop.rowStart[list[n] + 1]; k++) each(k, list[n], loop.target[k]);
  } else {
    for (let n = 0; n < b; n++)
      for (let c = loop.columnStart[list[n]]; c < loop.columnStart[list[n] + 1]; c++) each(loop.synapse[c], loop.row[c], list[n]);
  }
}

/** What a kernel does, by the evaluator; returns the count of `fire`. */
export function runSlowly(spec: KernelSpec, a: number | Int32Array, b: number, tick: number, out?: Int32Array): number {
  const { seed, stream, itemBase } = spec.random;
  let fired = 0;
  visit(spec, a, b, (item, row, target) => {
    const place = (name: string, scope: Scope): { array: NumericArray; index: number } | number => {
      const binding = spec.bindings.get(name) as Binding;
      if (binding.kind === 'constant') return binding.value;
      if (binding.kind === 'cell') return { array: binding.array, index: binding.cell };
      return { array: binding.array, index: scope === 'pre' ? row : scope === 'post' ? target : item };
    };
    const read = (name: string, scope: Scope) => {
      const found = place(name, scope);
      return typeof found === 'number' ? found : found.array[found.index];
    };
    const write = (name: string, scope: Scope, value: number) => {
      const found = place(name, scope);
      if (typeof found !== 'number') found.array[found.index] = value;
    };
    const draw = (distribution: 'uniform' | 'normal', site: number) =>
      (distribution === 'uniform' ? uniformAt : normalAt)(seed, stream, itemBase + item, tick, site);
    evaluate(spec.program, read, write, draw);
    if (spec.loop.kind === 'fire' && evaluateExpr(spec.loop.when, read, draw) !== 0 && out) out[fired++] = item;
  });
  return fired;
}

/** True if both hold the same doubles, -0 and NaN told apart from all others. */
export const sameBits = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
