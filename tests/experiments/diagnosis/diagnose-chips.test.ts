/**
 * The diagnosis of learning on chips whose fault is known: weights of few bits, rounding that loses every small change, weights at their ends, a noisy
 * device.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { compareChips } from '../../../experiments/compare-chips.ts';
import type { Diagnosis } from '../../../experiments/diagnosis/diagnosis.ts';
import type { Size } from '../../support/digits-run.ts';
import { diagnoses, diagnosesIn, digitsRun } from '../../support/digits-run.ts';

/** With all that a comparison finds out besides. */
async function compared(rule: string, chips: readonly ChipBackend[], size: Size): Promise<Diagnosis[]> {
  return diagnosesIn((await compareChips({ ...digitsRun(rule, chips, size), diagnose: true })).results);
}

const FEW_BITS = { learnedPrecision: 'stored' } as const;

test('weights of two bits lose nearly every change, and the verdict says so with the remedy of the chip', async () => {
  const chip = loihiLike({ ...FEW_BITS, learnedWeightBits: 2, rounding: 'nearest' });
  const [sound, planted] = await diagnoses('r-stdp', [loihiLike(), chip], { train: 200, test: 40, seeds: 1 });
  const [layer] = planted.layers;
  assert.ok((layer.lostShare?.mean ?? 0) > 0.95, `${layer.lostShare?.mean}`);
  assert.ok((sound.layers[0].lostShare?.mean ?? 1) < 0.8);
  assert.equal(planted.findings[0], { finding: 'lost', projection: 'pixels-answers' });
  assert.match(
    planted.verdict.join('\n'),
    /pixels-answers: (9\d|100) % of the changes asked for store nothing, and \d+ % of the learning arrives\. Most likely remedy: a change has to reach one weight level/,
  );
  assert.not.ok(sound.findings.some(({ finding }) => finding === 'lost'));
});

test('with few bits stochastic rounding carries the learning, and nearest rounding stalls; from either side', async () => {
  const bits = { ...FEW_BITS, learnedWeightBits: 4 } as const;
  const [byChance, nearest] = await compared('r-stdp', [loihiLike(bits), loihiLike({ ...bits, rounding: 'nearest' })], {
    train: 600,
    test: 150,
    seeds: 3,
  });
  assert.match(
    byChance.verdict.join('\n'),
    /Stochastic rounding carries \d+ % of the learning: learning stalls with nearest rounding, which keeps \d+ %\./,
  );
  const [alternative] = byChance.alternatives;
  assert.ok((alternative.kept ?? 1) < 0.5, `${alternative.kept}`);
  assert.match(nearest.verdict.join('\n'), /nearest rounding.*stochastic rounding|stochastic rounding/i);
  // the average of many small changes arrives by chance and not by the nearest level
  assert.ok((byChance.layers[0].carriedShare?.mean ?? 0) > 0.8, `${byChance.layers[0].carriedShare?.mean}`);
  assert.ok((nearest.layers[0].carriedShare?.mean ?? 1) < 0.2, `${nearest.layers[0].carriedShare?.mean}`);
});

test('a learning rate that drives weights to their bounds is seen as saturation', async () => {
  const run = digitsRun('r-stdp', [ideal()], { train: 200, test: 20, seeds: 1 });
  const rule = { ...run.rule, parameters: { ...run.rule.parameters, rate: 300 * run.rule.parameters.rate } };
  const { results } = await compareChips({ ...run, rule, diagnose: true });
  const { findings, verdict } = results[0].diagnosis as Diagnosis;
  assert.ok(
    findings.some(({ finding }) => finding === 'saturation'),
    JSON.stringify(results[0].diagnosis?.layers),
  );
  assert.match(
    verdict.join('\n'),
    /of the weights are saturated at an end of their range \(\d+ % at the start\)\. Most likely remedy: wider bounds/,
  );
});

test('a noisy device is seen as noise', async () => {
  const [found] = await diagnoses('r-stdp', [memristorCrossbar()], { train: 200, test: 10, seeds: 1 });
  assert.ok(found.findings.some(({ finding }) => finding === 'noise'));
  assert.ok((found.layers[0].angleDegrees?.mean ?? 0) > 60);
});

test.run();
