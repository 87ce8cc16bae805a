/** What `rules show` works out about a rule: from its text, and from the chips. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleLibrary } from '../../core/plasticity/library/rules.ts';
import { rule } from '../../core/plasticity/read-rule.ts';
import type { ChipNeeds } from '../../experiments/rule-needs.ts';
import { needsOf } from '../../experiments/rule-needs.ts';

const chip = (chips: readonly ChipNeeds[], name: string): ChipNeeds => {
  const found = chips.find((one) => one.chip === name);
  assert.ok(found !== undefined, name);
  return found as ChipNeeds;
};

test('what a rule reads follows from its text', () => {
  const { preTraces, postTraces, thirdFactors, modulators, postState, perSynapse, moments } = needsOf(ruleLibrary['r-stdp-delayed']);
  assert.equal(
    { preTraces, postTraces, thirdFactors, modulators, postState, perSynapse },
    {
      preTraces: ['x1'],
      postTraces: ['y1'],
      thirdFactors: ['reward'],
      modulators: [],
      postState: [],
      perSynapse: ['w', 'e'],
    },
  );
  assert.equal(
    moments.map(({ moment, writes }) => [moment, writes.map(({ name }) => name)]),
    [
      ['onPre', ['e']],
      ['onPost', ['e']],
      ['onModulator', ['w']],
    ],
  );
  assert.equal(moments[2].operations, { add: 1, mul: 2 });
});

test('a trace that is declared and never read is not needed; shared modulators and the state of the neuron are told apart', () => {
  const needs = needsOf(
    rule({
      traces: { x1: { on: 'pre', tau: '20 ms' }, x2: { on: 'pre', tau: '5 ms' } },
      modulators: { reward: {} },
      onPre: 'w += 0.01 * (1 - v_post) * x1',
      onModulator: 'w += 0.1 * reward * x1',
    }),
  );
  assert.equal([needs.preTraces, needs.postState, needs.modulators, needs.thirdFactors], [['x1'], ['v_post'], ['reward'], []]);
  const loihi = chip(needs.chips, 'loihi-like');
  assert.is(loihi.accepts, false);
  assert.ok(loihi.findings.some(({ code, severity }) => code === 'E-LOIHI-POST-STATE' && severity === 'error'));
  assert.is(loihi.perSynapse, undefined);
  assert.is(loihi.energyPerUpdate, undefined);
  assert.is(chip(needs.chips, 'ideal').accepts, true);
  assert.is(chip(needs.chips, 'memristor-crossbar').accepts, true);
});

test('each chip says what a synapse keeps there, by its own names, and what an update costs', () => {
  const { chips } = needsOf(ruleLibrary['r-stdp']);
  assert.equal(
    chips.map(({ chip: name, accepts, perSynapse }) => [name, accepts, perSynapse]),
    [
      ['ideal', true, ['w', 'e']],
      ['loihi-like', true, ['w', 't']],
      ['memristor-crossbar', true, ['w', 'gPlus', 'gMinus', 'pending', 'e']],
    ],
  );
  assert.is(chips[0].energyPerUpdate, undefined);
  for (const { energyPerUpdate } of chips.slice(1)) {
    assert.ok(energyPerUpdate !== undefined && energyPerUpdate.lo <= energyPerUpdate.value && energyPerUpdate.value <= energyPerUpdate.hi);
    assert.ok(energyPerUpdate.value > 1e-13 && energyPerUpdate.value < 1e-7, `${energyPerUpdate.value}`);
  }
  const { nearest } = chip(chips, 'loihi-like');
  assert.ok(nearest != null && nearest.changes.length > 0 && nearest.maxDifference > 0);
});

test('a refusal is told even where the network would be refused without the rule as well', () => {
  const { chips } = needsOf(ruleLibrary['pc-feedback']);
  const crossbar = chip(chips, 'memristor-crossbar');
  assert.is(crossbar.accepts, false);
  assert.ok(crossbar.findings.some(({ code }) => code === 'E-GRADED'));
});

test('no rule of the library is charged with findings about the neurons that drive the example', () => {
  for (const one of Object.values(ruleLibrary)) {
    for (const { findings } of needsOf(one).chips) {
      assert.equal(
        findings.filter(({ message }) => /teach/.test(message)),
        [],
        one.name,
      );
    }
  }
});

test.run();
