/** The diagnosis of chips that have no fault, that looking changes nothing, and what has a gradient. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import { scenarioTable } from '../../../cli/scenario-table.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { UserError } from '../../../core/errors.ts';
import { requireSamples } from '../../../experiments/diagnosis/diagnose-chips.ts';
import { runExperiment } from '../../../experiments/run-experiment.ts';
import { diagnoses, digitsRun } from '../../support/digits-run.ts';
import { near } from '../../support/near.ts';

const SMALL = { train: 90, test: 10, seeds: 1 };

/** Everything that can be taken from it. */
function withoutEffects(chip: ChipBackend): ChipBackend {
  const bare = chip.without?.((chip.effects?.() ?? []).map(({ name }) => name));
  if (bare === undefined) throw new Error('the chip has no effects');
  return bare;
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
