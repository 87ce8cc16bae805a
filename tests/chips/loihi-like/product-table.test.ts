import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { productTable } from '../../../chips/loihi-like/product-table.ts';
import { checkRuleOrThrow } from '../../../core/plasticity/check-rule.ts';
import { rStdp } from '../../../core/plasticity/library/r-stdp.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';

const traces = { x1: { on: 'pre', tau: '10 ms', impulse: 16 }, y1: { on: 'post', tau: '10 ms', impulse: 16 } } as const;
const written = (dw: string) => checkRuleOrThrow(rule({ name: 'written', traces, dw, epochTicks: 4, bounds: [0, 1] }));

test('a written rule keeps 2^-shift of its effect, and what is lost altogether is dead', () => {
  assert.is(
    productTable(written('2^-7*y0*x1*(127-w) - 2^-2*x0*y1 + u3*sgn(w)*sgn(w)')),
    [
      'target  when            product             bits  shift  effect  largest step',
      'dw      post spike      -2^-7*x1*(w - 127)  16    5      1/32    11.9',
      'dw      pre spike       -2^-2*y1            7     0      1       31.8',
      'dw      every 32 ticks  sgn(w)*sgn(w)       18    7      1/128   dead',
    ].join('\n'),
  );
});

test('the mantissa of nengo-loihi shifts by one less', () => {
  assert.match(productTable(written('2^-7*y0*x1*(127-w)'), { chip: { productScaling: 'nengo' } }), / 16 {4}4 {6}1\/16 /);
});

test('a rule in event form carries the shift in its coefficients: its effect is near 100 %', () => {
  const [head, ...rows] = productTable(checkRuleOrThrow(rStdp)).split('\n');
  assert.match(head, /^target {2}when/);
  assert.is(rows.length, 2);
  for (const row of rows) {
    const effect = Number(/(\d+) %/.exec(row)?.[1]);
    assert.ok(effect >= 90 && effect <= 110, row);
  }
});

test('a rule without a form on the chip says why', () => {
  const squared = rule({ name: 'deep', traces, onPost: 'w += exp(x1)', bounds: [0, 1] });
  assert.match(productTable(checkRuleOrThrow(squared)), /^rule deep has no products\n {2}/);
});

test.run();
