/** Numbers in WebAssembly: elementary functions, draws, single precision and integers, each with the bits of the evaluator. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileOrThrow } from '../../../core/program/check-types.ts';
import { compileKernel } from '../../../core/program/compile-kernel.ts';
import { exp, log, poissonQuantile, power, powerOfTwo } from '../../../core/program/elementary.ts';
import { whyNotWasm } from '../../../core/program/emit-wasm.ts';
import type { Binding, KernelSpec } from '../../../core/program/kernel.ts';
import { FLOAT32, FLOAT64 } from '../../../core/program/number-format.ts';
import { symbolTable } from '../../../core/program/symbols.ts';
import { normalAt, uniformAt } from '../../../core/random.ts';
import { range } from '../../support/simulate.ts';
import { compare, ITEMS, memory, neuron, neuronSpec, place, startOver } from './wasm-loops.ts';

/** Numbers around every limit of the elementary functions, and a spread of ordinary ones. */
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  10,
  1 / 3,
  -2.75,
  0.7,
  Math.SQRT2,
  1.5,
  1000,
  -1000,
  1e-300,
  -1e-300,
  5e-324,
  2.2e-308,
  2 ** -1022,
  1e300,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  NaN,
  709.78,
  709.79,
  709.8,
  710,
  1023,
  1023.5,
  1024,
  1025,
  -708.4,
  -744.4,
  -745.1,
  -745.13,
  -745.14,
  -745.15,
  -746,
  -1022,
  -1023,
  -1074,
  -1074.5,
  -1075,
  -1100,
  2 ** 31,
  2 ** 53,
  ...Array.from({ length: 60 }, (_, i) => 1500 * uniformAt(4, 1, i, 0) - 750),
];

test('exp, log, x^y and shifts by a variable have the bits of elementary.ts, at every special value', () => {
  const pairs = SPECIAL.flatMap((x) => SPECIAL.map((y) => [x, y] as const));
  const n = pairs.length;
  startOver();
  const [x, y, e, l, p, s] = Array.from({ length: 6 }, () => place(new Float64Array(n)));
  for (const [i, [a, b]] of pairs.entries()) {
    x[i] = a;
    y[i] = b;
  }
  const format = FLOAT64;
  const symbols = symbolTable(['x', 'y', 'e', 'l', 'p', 's'].map((name) => ({ name, scope: 'neuron' as const, format, writable: true })));
  const bindings = new Map<string, Binding>(Object.entries({ x, y, e, l, p, s }).map(([name, array]) => [name, { kind: 'array', array }]));
  const program = compileOrThrow('e = exp(x)\nl = log(x)\np = x^y\ns = shr(x, y)', symbols, { title: 'elementary' });
  const random = { seed: 0, stream: 0, itemBase: 0 };
  compileKernel({ name: 'elementary', program, loop: { kind: 'each' }, bindings, random }, { backend: 'wasm', memory }).run(0, n, 1);
  for (const [i, [a, b]] of pairs.entries()) {
    assert.ok(Object.is(e[i], exp(a)), `exp(${a}) is ${exp(a)}, not ${e[i]}`);
    assert.ok(Object.is(l[i], log(a)), `log(${a}) is ${log(a)}, not ${l[i]}`);
    assert.ok(Object.is(p[i], power(a, b)), `${a}^${b} is ${power(a, b)}, not ${p[i]}`);
    const shifted = Math.floor(a * powerOfTwo(-b));
    assert.ok(Object.is(s[i], shifted), `shr(${a}, ${b}) is ${shifted}, not ${s[i]}`);
  }
});

test('draws are those of core/random.ts: any site, late ticks, seeds and items beyond 32 bits', () => {
  startOver();
  const n = 5000;
  const [u, v, z] = [place(new Float64Array(n)), place(new Float64Array(n)), place(new Float64Array(n))];
  const spec = neuronSpec('u = uniform(2)\nv = uniform(7)\nz = normal(4)', { u, v, z });
  const { seed, stream, itemBase } = spec.random;
  const kernel = compileKernel(spec, { backend: 'wasm', memory });
  for (const tick of [0, 1, 2 ** 32 - 1, 2 ** 40 + 3]) {
    kernel.run(3, n, tick);
    for (let i = 3; i < n; i++) {
      assert.is(u[i], uniformAt(seed, stream, itemBase + i, tick, 2));
      assert.is(v[i], uniformAt(seed, stream, itemBase + i, tick, 7));
      assert.is(z[i], normalAt(seed, stream, itemBase + i, tick, 4));
    }
  }
});

test('draws of shards are the same from any first item to any last one, whether blocks begin with them or not', () => {
  const texts = [
    'u = uniform()',
    'u = uniform()\nk = poisson(2) + uniform()',
    'u = normal()\nk = u > 0 ? normal() : uniform()',
    'k = if(uniform() < 0.3, 1, 0) + if(0.6 < uniform(), 2, 0) + if(uniform() > 0.9, 4, 0) + if(0.2 > uniform(), 8, 0)',
    'k = if(uniform() < 0, 1, 0) + if(uniform() > 1, 2, 0) + if(uniform() < 1, 4, 0) + if(uniform() > 0, 8, 0)',
  ];
  const n = 45;
  for (const text of texts) {
    const changes = (base: number): Partial<KernelSpec> => ({ random: { seed: 9, stream: 8, itemBase: base } });
    const make = (base: number) => (): KernelSpec => neuronSpec(text, { u: new Float64Array(n), k: new Float64Array(n) }, changes(base));
    for (const base of [0, 3, 2 ** 32 - 22]) {
      for (const begin of [0, 1, 3, 6]) {
        for (const end of [begin, begin + 5, begin + 19, n]) {
          assert.is(compare(make(base), begin, end), 'same', `${text}: ${begin} to ${end} from ${base}`);
        }
      }
    }
  }
});

test('Poisson draws of a small constant mean are those of the loop; of a large one JavaScript draws them', () => {
  startOver();
  const n = 3000;
  const [k, f] = [place(new Float64Array(n)), place(new Float32Array(n))];
  const spec = neuronSpec('k = poisson(2)\nf = poisson(0.3)', { k, f });
  const { seed, stream, itemBase } = spec.random;
  compileKernel(spec, { backend: 'wasm', memory }).run(0, n, 9);
  for (let i = 0; i < n; i++) {
    assert.is(k[i], poissonQuantile(2, uniformAt(seed, stream, itemBase + i, 9, 0)));
    assert.is(f[i], poissonQuantile(0.3, uniformAt(seed, stream, itemBase + i, 9, 1)));
  }
  assert.is(whyNotWasm(neuronSpec('k = poisson(50)', { k }), memory), 'a Poisson draw of a mean that is not a small number');
});

test('single precision is rounded as the evaluator rounds it where vectors of four could differ: halves, tiny and huge numbers', () => {
  const values = [0.49999997, 0.5, -0.5, -0.49999997, 8388609, -8388609.5, 1e-45, 3.4e38, -0, 2.5, NaN, Infinity, 1e-38, 16777216];
  const text =
    'a = round(x)\nb = x^3\nc = shr(x, 2)\nd = x / 8192\ne = x * x - x / 3\nf = max(x - 1, 0) + min(x, 0) + max(0, x)\ng = sqrt(x) + sign(x)';
  const names = ['x', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const make = (): KernelSpec =>
    neuronSpec(
      text,
      Object.fromEntries(names.map((name) => [name, name === 'x' ? Float32Array.from(values) : new Float32Array(values.length)])),
    );
  assert.is(compare(make, 0, values.length), 'same');
});

test('integers of every width are read and stored, wrapped where the program wraps them', () => {
  const values = [0, 1, 2 ** 31, 2 ** 32 - 1, -1, -(2 ** 31), 3 * 2 ** 40 + 17, -5 * 2 ** 33 - 3, 255, 256, -129, 65535, 1.75];
  const text =
    'a = wrap(x, 32)\nb = wrapUnsigned(x, 32)\nc = wrap(x, 16)\nd = wrapUnsigned(x, 16)\ne = clip(x, -128, 127)\nf = wrapUnsigned(x, 8)';
  const n = values.length;
  const make = (): KernelSpec =>
    neuronSpec(text, {
      x: Float64Array.from(values),
      a: new Int32Array(n),
      b: new Uint32Array(n),
      c: new Int16Array(n),
      d: new Uint16Array(n),
      e: new Int8Array(n),
      f: new Uint8Array(n),
    });
  assert.is(compare(make, 0, n), 'same');
});

test('short integers are read as single precision, in groups, one by one and for all items', () => {
  const symbols = symbolTable([neuron('v', FLOAT32), neuron('u', FLOAT32)]);
  const program = compileOrThrow('v = v * 0.7 + u * 0.1', symbols, { title: 'short' });
  const short = range(0, ITEMS - 1).map((i) => (i === 0 ? -1 : 5 * i));
  for (const u of [Uint16Array.from(short), Int16Array.from(short), Uint8Array.from(short), Int8Array.from(short)]) {
    for (const loop of [{ kind: 'each' }, { kind: 'list' }] as const) {
      const make = (): KernelSpec => {
        const v = Float32Array.from({ length: ITEMS }, (_, i) => i / 3);
        return { ...neuronSpec('v = v', { v, u: u.slice() }), program, loop };
      };
      if (loop.kind === 'each') assert.is(compare(make, 0, ITEMS), 'same');
      else assert.is(compare(make, Int32Array.of(0, 3, 12), 3), 'same');
    }
  }
});

test.run();
