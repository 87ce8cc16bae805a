/** Rules as a person would write them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asWritten } from '../../cli/rules.ts';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { rule } from '../../core/plasticity/read-rule.ts';

for (const known of Object.values(ruleLibrary)) {
  test(`${known.name} as it is shown reads back as it is`, () => {
    assert.equal(rule(JSON.parse(JSON.stringify(asWritten(known)))), known);
  });
}

test('what a rule says beyond the usual is shown', () => {
  const shown = asWritten(
    rule({
      name: 'all of it',
      traces: { x1: { on: 'pre', tau: '12.5 ms', impulse: 3, pairing: 'nearest', decay: 'euler', graded: 'add' } },
      variables: { e: { initial: 0.5, tau: '200 ms', range: 32 } },
      modulators: { m: { per: 'post', range: 2 } },
      onModulator: 'w += m * e * x1',
    }),
  );
  assert.equal(shown.traces, { x1: { on: 'pre', tau: '12.5 ms', impulse: 3, pairing: 'nearest', decay: 'euler', graded: 'add' } });
  assert.equal(shown.variables, { e: { initial: 0.5, tau: '200 ms', range: 32 } });
});

test.run();
