/** The chip's arithmetic as text, one piece at a time, against recordings of Lava: traces, sums of products, rounding. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipProduct } from '../../chips/loihi-like/chip-rule.ts';
import { productShift } from '../../chips/loihi-like/coefficients.ts';
import { chipRule } from '../../chips/loihi-like/lower-rule.ts';
import { accumulateText, roundedText } from '../../chips/loihi-like/product-text.ts';
import { LOIHI } from '../../chips/loihi-like/profile.ts';
import { readSettings } from '../../chips/loihi-like/switches.ts';
import { decayText, impulseText } from '../../chips/loihi-like/traces.ts';
import type { LavaTarget } from '../../core/plasticity/lava-rule.ts';
import { parseLavaRule } from '../../core/plasticity/lava-rule.ts';
import { compileOrThrow } from '../../core/program/check-types.ts';
import { exp } from '../../core/program/elementary.ts';
import { evaluate } from '../../core/program/evaluate.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { Recording } from '../support/loihi-recordings.ts';
import { FOLDER, lavaRule, load } from '../support/loihi-recordings.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

const oneName = symbolTable([{ name: 'x', scope: 'neuron', format: FLOAT64, writable: true }]);

function runOn(text: string, value: number, draw: number): number {
  let held = value;
  evaluate(
    compileOrThrow(text, oneName, { title: 'trace' }),
    () => held,
    (_name, _scope, next) => (held = next),
    () => draw,
  );
  return held;
}

skipWithoutShared(test, 'traces decay and take impulses as in Lava', `${FOLDER}/unit/trace_ops_a.json`, (path) => {
  const { decay, impulse } = load(path);
  for (const { tau, u, out } of decay) {
    const text = decayText('x', exp(-1 / tau), 'independent');
    assert.equal(
      out.map((_: number, x: number) => runOn(text, x, u)),
      out,
      `tau ${tau}`,
    );
  }
  for (const { impulse: size, random, trace_in, trace_out } of impulse) {
    const text = impulseText('x', size, { impulseFraction: 'lava', traceRounding: 'independent' });
    assert.equal(
      trace_in.map((x: number) => runOn(text, x, (random + 0.5) / 128)),
      trace_out,
      `impulse ${size}`,
    );
  }
});

skipWithoutShared(test, 'accumulators are rounded as in Lava', `${FOLDER}/unit/accumulator_rounding_a.json`, (path) => {
  for (const { u, accumulator, rounded } of load(path).cases) {
    const text = `x = ${roundedText('x', 1, 'independent')}`;
    assert.equal(
      accumulator.map((value: number) => runOn(text, value, u) * 128),
      rounded,
    );
  }
});

skipWithoutShared(test, 'sums of products are those of Lava, in accumulator units', `${FOLDER}/unit/sum_of_products_a.json`, (path) => {
  for (const one of load(path).cases) {
    const { target, rule, x0, y0, u, traces, init_accumulator, result_accumulator } = one;
    const settings = readSettings({});
    const plain = lavaRule({
      [target]: rule,
      ...Object.fromEntries(
        ['x1', 'x2', 'y1', 'y2', 'y3'].flatMap((name) => [
          [`${name}_tau`, 10],
          [`${name}_impulse`, 16],
        ]),
      ),
    });
    const checked = { rule: plain, symbols: new Map(), moments: {} };
    const lowered = chipRule(
      checked,
      { projection: 'p', dt: 1, scale: { format: { sign: 'mixed', bits: 9 }, scale: 1, rise: 0 } },
      settings,
    );
    const variable = ({ dw: 'w', dt: 't', dd: 'd' } as const)[target as LavaTarget];
    // the recording switches u on and off by itself; here a tick that is no multiple of 2^k does
    const products = lowered.products.map(
      (product): ChipProduct => (product.dependency.kind === 'u' ? { ...product, dependency: { kind: 'u', exponent: 1 } } : product),
    );
    const { lines, result } = accumulateText(variable, products, 1, settings);
    const names = [
      'w',
      't',
      'd',
      'preTime',
      'postTime',
      'tick',
      ...['x1', 'x2', 'y1', 'y2', 'y3'].flatMap((name) => ['_atPre', '_atPost', '_atEnd'].map((time) => name + time)),
    ];
    const symbols = symbolTable([
      ...names.map((name) => ({ name, scope: 'synapse', format: FLOAT64, writable: false }) as const),
      { name: 'out', scope: 'synapse', format: FLOAT64, writable: true },
    ]);
    const program = compileOrThrow([...lines, `out = ${result}`].join('\n'), symbols, { title: rule });
    const computed = init_accumulator.map((row: number[], post: number) =>
      row.map((start, pre) => {
        let out = Number.NaN;
        const read = (name: string): number => {
          if (name === variable) return start / 128;
          if (name === 'preTime') return x0[pre];
          if (name === 'postTime') return y0[post];
          if (name === 'tick') return u === 1 ? 2 : 1;
          const [, trace, time] = /^(..)_at(Pre|Post|End)$/.exec(name) ?? [];
          if (trace === undefined) return one[name][post][pre];
          return traces[`${trace}_${{ Pre: 'x0', Post: 'y0', End: 'u' }[time as 'Pre']}`][post][pre];
        };
        evaluate(
          program,
          read,
          (_name, _scope, value) => (out = value),
          () => Number.NaN,
        );
        return out;
      }),
    );
    assert.equal(computed, result_accumulator, `${target} = ${rule}`);
  }
});

skipWithoutShared(test, 'integer formats are those of nengo-loihi', `${FOLDER}/nengo_loihi/number_formats_a.json`, (path) => {
  const { decay, overflow, learn_overflow_bits } = load(path);
  for (const { decay: field, offset, x, y } of decay) {
    const text = `x = trunc(x * (${LOIHI.decayOne.value} - ${field} - ${offset}) / ${LOIHI.decayOne.value})`;
    assert.equal(
      x.map((value: number) => runOn(text, value, Number.NaN) + 0),
      y,
      `decay ${field} + ${offset}`,
    );
  }
  for (const { bits, x, y } of overflow) {
    assert.equal(
      x.map((value: number) => runOn(`x = wrap(x, ${bits + 1})`, value, Number.NaN)),
      y,
      `${bits} bits`,
    );
  }
  const trace = { kind: 'pre-trace', name: 'x1', offset: 0, sgn: false } as const;
  for (const { n_factors, bits } of learn_overflow_bits) {
    assert.is(productShift(new Array(n_factors).fill(trace), 'nengo'), Math.max(0, bits));
  }
});

skipWithoutShared(
  test,
  'rule strings are read as by Lava, except where Lava reads them as something else',
  `${FOLDER}/unit/rule_parser_a.json`,
  (path) => {
    const traps = ['u10*w', 'x0*(w-2^-1)'];
    for (const { rule, target, ok, products } of load(path).cases) {
      const parsed = parseLavaRule(target, rule);
      assert.is(!Array.isArray(parsed), ok === 1 && !traps.includes(rule), rule);
      if (Array.isArray(parsed) || !('terms' in parsed)) continue;
      assert.equal(
        parsed.terms.map(({ dependency, mantissa, exponent }) => [dependency.kind, mantissa, exponent]),
        products.map((product: Recording) => [product.dependency, product.mantissa, product.exponent]),
        rule,
      );
    }
  },
);

test.run();
