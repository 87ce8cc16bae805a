/** What varies in a sweep: how it is written, what it makes of chips, and what is refused. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../../core/errors.ts';
import { chipVariants, product, readAxis } from '../../../experiments/sweep/axes.ts';

test('values are a list, a range, or a range with a step', () => {
  const values = (text: string): readonly string[] | undefined => readAxis(text, [])?.values;
  assert.equal(values('rule=r-stdp,dfa'), ['r-stdp', 'dfa']);
  assert.equal(values('chip:levels=4,16..18,64'), ['4', '16', '17', '18', '64']);
  assert.equal(values('train=100..500:200'), ['100', '300', '500']);
  assert.equal(values('memristor-crossbar:ecram:readNoiseStd=0,0.01'), ['0', '0.01']);
});

for (const [text, words] of [
  ['levels', /has no "=": it is written name=value/],
  ['levels=4', /varies "levels", which is neither one of rule, train, test, epochs, hidden nor an option of a chip/],
  ['chip:levels=', /has the part "", which names no values/],
  ['chip:levels=8..4', /has the part "8\.\.4", which names no values/],
  ['chip:levels=4..8:0', /has the part "4\.\.8:0", which names no values/],
  ['chip:levels=4,4', /has 4 twice/],
  ['chip:levels=1..100000', /has 10001 values; at most 10000 are allowed/],
] as const) {
  test(`--vary ${text} is refused with what is wrong`, () => {
    const problems: Problem[] = [];
    assert.is(readAxis(text, problems), undefined);
    assert.match(problems[0]?.message ?? '', words);
    assert.is(problems.length, 1);
  });
}

test('settings are the product of all axes, the last one varying fastest', () => {
  assert.equal(product([]), [{}]);
  assert.equal(
    product([
      { name: 'a', values: ['1', '2'] },
      { name: 'b', values: ['x', 'y'] },
    ]),
    [
      { a: '1', b: 'x' },
      { a: '1', b: 'y' },
      { a: '2', b: 'x' },
      { a: '2', b: 'y' },
    ],
  );
});

test('an option goes to the chips it is for; a chip without options is there once', () => {
  const problems: Problem[] = [];
  const names = (axes: Parameters<typeof chipVariants>[1]): string[] =>
    chipVariants(['ideal', 'loihi-like:loihi1', 'memristor-crossbar'], axes, problems).map(({ name }) => name);
  assert.equal(names([{ name: 'chip:spikesPerTick', values: ['0.5', '1'] }]), [
    'ideal',
    'loihi-like:loihi1+spikesPerTick=0.5',
    'loihi-like:loihi1+spikesPerTick=1',
    'memristor-crossbar:spikesPerTick=0.5',
    'memristor-crossbar:spikesPerTick=1',
  ]);
  assert.equal(names([{ name: 'loihi-like:weightBits', values: ['6'] }]), [
    'ideal',
    'loihi-like:loihi1+weightBits=6',
    'memristor-crossbar',
  ]);
  assert.equal(problems, []);
  names([{ name: 'loihi:weightBits', values: ['6'] }]);
  assert.match(problems[0].message, /--vary loihi:weightBits is for none of the chips ideal, loihi-like:loihi1, memristor-crossbar/);
});

test.run();
