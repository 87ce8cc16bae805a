/**
 * The diagnosis of learning on chips whose fault is known: none at all, weights of few bits, rounding that loses every small change, weights at their
 * ends. And that looking changes nothing.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import { scenarioTable } from '../../../cli/scenario-table.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { UserError } from '../../../core/errors.ts';
import { compareChips } from '../../../experiments/compare-chips.ts';
import { requireSamples } from '../../../experiments/diagnosis/diagnose-chips.ts';
import type { Diagnosis } from '../../../experiments/diagnosis/diagnosis.ts';
import type { ChipResult } from '../../../experiments/result.ts';
import { runExperiment } from '../../../experiments/run-experiment.ts';
import { digitsRun } from '../../support/digits-run.ts';
import { near } from '../../support/near.ts';

const SMALL = { train: 90, test: 10, seeds: 1 };

/** Everything that can be taken from it. */
function withoutEffects(chip: ChipBackend): ChipBackend {
  const bare = chip.without?.((chip.effects?.() ?? []).map(({ name }) => name));
  if (bare === undefined) throw new Error('the chip has no effects');
  return bare;
}

const diagnosesIn = (results: readonly ChipResult[]): Diagnosis[] =>
  results.map(({ chip, diagnosis }) => diagnosis ?? assert.unreachable(`${chip} has no diagnosis`)) as Diagnosis[];

/** By layers alone. */
async function diagnoses(rule: string, chips: readonly ChipBackend[], size: typeof SMALL): Promise<Diagnosis[]> {
  return diagnosesIn((await runExperiment({ ...digitsRun(rule, chips, size), diagnosedSamples: 64 })).results);
}

/** With all that a comparison finds out besides. */
async function compared(rule: string, chips: readonly ChipBackend[], size: typeof SMALL): Promise<Diagnosis[]> {
  return diagnosesIn((await compareChips({ ...digitsRun(rule, chips, size), diagnose: true })).results);
}

for (const rule of ['r-stdp', 'dfa', 'ep']) {
  test(`${rule}: a chip without its effects changes weights as the ideal one does, layer by layer`, async () => {
    for (const { layers, samples } of await diagnoses(
      rule,
      [ideal(), withoutEffects(loihiLike()), withoutEffects(memristorCrossbar())],
      SMALL,
    )) {
      assert.is(samples, 64);
      assert.is(layers.length, { 'r-stdp': 1, dfa: 2, ep: 3 }[rule]);
      for (const {
        projection,
        updates,
        angleDegrees,
        angleOfSumDegrees,
        carriedShare,
        lostShare,
        signalToNoise,
        idealSignalToNoise,
      } of layers) {
        assert.ok(updates > 50, `${projection}: ${updates} updates`);
        near(angleDegrees?.mean ?? 90, 0, 0.1, `${projection}, angle:`);
        near(angleOfSumDegrees?.mean ?? 90, 0, 0.1, `${projection}, angle of the sum:`);
        near(carriedShare?.mean ?? 0, 1, 1e-3, `${projection}, carried:`);
        near(lostShare?.mean ?? 1, 0, 1e-3, `${projection}, lost:`);
        near((signalToNoise?.mean ?? 0) - (idealSignalToNoise?.mean ?? 1), 0, 1e-3, `${projection}, signal to noise:`);
      }
    }
  });
}

test('looking changes no bit of the run', async () => {
  const run = digitsRun('dfa', [loihiLike(), memristorCrossbar()], SMALL);
  const [plain, watched] = [await runExperiment(run), await runExperiment({ ...run, diagnosedSamples: 16 })];
  assert.equal(
    watched.results.map(({ stateHash, accuracy }) => [stateHash, accuracy]),
    plain.results.map(({ stateHash, accuracy }) => [stateHash, accuracy]),
  );
  assert.equal(
    plain.results.map(({ diagnosis }) => diagnosis),
    [undefined, undefined],
  );
  assert.equal(watched.results[0].diagnosis?.samples, 16);
});

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
  const [found] = await diagnoses('r-stdp', [memristorCrossbar()], { train: 300, test: 20, seeds: 1 });
  assert.ok(found.findings.some(({ finding }) => finding === 'noise'));
  assert.ok((found.layers[0].angleDegrees?.mean ?? 0) > 60);
});

test('the angle to back-propagation is there for layers and not for what carries errors back, nor for a reward', async () => {
  const [circuit] = await diagnoses('ep', [ideal()], SMALL);
  assert.equal(
    circuit.layers.map(({ projection, gradientDegrees }) => [projection, gradientDegrees !== null]),
    [
      ['pixels-hidden', true],
      ['hidden-output', true],
      ['output-hidden', false],
    ],
  );
  for (const { gradientDegrees } of circuit.layers.slice(0, 2)) {
    assert.ok((gradientDegrees?.ideal?.mean ?? 90) < 80, JSON.stringify(gradientDegrees));
  }
  const [reward] = await diagnoses('r-stdp', [ideal()], SMALL);
  assert.is(reward.layers[0].gradientDegrees, null);
});

test('tasks without images are refused in words', () => {
  const { task } = scenarioTable['stdp-window'].build({ pixels: 1, realImages: false });
  assert.throws(
    () => requireSamples('stdp-window', task),
    (error: unknown) => error instanceof UserError && /stdp-window \(stdp-window\) reads no images/.test(error.message),
  );
});

test.run();
