/** Every effect and every finding of a chip has its remedy, and alternatives are chips that run. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../chips/loihi-like/loihi-like.ts';
import { REMEDIES as LOIHI } from '../../chips/loihi-like/remedies.ts';
import { memristorCrossbar } from '../../chips/memristor-crossbar/memristor-crossbar.ts';
import { REMEDIES as CROSSBAR } from '../../chips/memristor-crossbar/remedies.ts';

const FINDINGS = ['bias', 'lost', 'noise', 'saturation', 'silence'];

/** Configurations that have all effects between them. */
const CHIPS = {
  loihi: [loihiLike(), loihiLike({ traceDecay: 'euler' })],
  crossbar: [
    memristorCrossbar(),
    memristorCrossbar({ device: 'pcm', periphery: 'adc' }),
    memristorCrossbar({ device: 'pcm', writePolicy: 'stochastic' }),
  ],
};

test('every effect has a remedy', () => {
  for (const [chips, remedies] of [
    [CHIPS.loihi, LOIHI],
    [CHIPS.crossbar, CROSSBAR],
  ] as const) {
    for (const chip of chips)
      for (const { name } of chip.effects?.() ?? []) assert.ok(remedies.effects[name], `${chip.profile.name}: ${name}`);
    assert.equal(Object.keys(remedies.findings).sort(), FINDINGS);
  }
});

test('an alternative has the other setting, and its own alternative leads back', () => {
  for (const chip of [loihiLike(), memristorCrossbar()]) {
    const [there] = chip.alternatives?.() ?? [];
    const [back] = there.chip.alternatives?.() ?? [];
    assert.equal([back.own, back.other], [there.other, there.own]);
    assert.equal(back.chip.profile.parameters, chip.profile.parameters);
  }
  assert.equal(loihiLike({ rounding: 'none' }).alternatives?.(), []);
  assert.equal(memristorCrossbar({ device: 'ideal-device' }).alternatives?.(), []);
});

test.run();
