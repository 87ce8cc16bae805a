// time limit: 300 s
/**
 * Direct feedback alignment in its spiking circuit on the ideal chip: the third factors that the kernel is sent for the hidden layer, against those that the
 * transpose of the present output weights would bring back from the same errors.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import { generateGlyphs } from '../../../experiments/data/glyphs.ts';
import { networkOf } from '../../../experiments/plan-runs.ts';
import { runOne } from '../../../experiments/run-worker.ts';
import { angleBetween, rowTimes } from '../../../experiments/teacher/matrix.ts';
import { digits } from '../../../scenarios/digits.ts';
import { Simulation } from '../../../workers/simulation.ts';

const HIDDEN = 'pixels-hidden';
const OUTPUT = 'hidden-output';
const TRAINED = 5000;
/** Half of the digits are shifted each way: with hardly any shifts the task is learned, and its errors gone, before the angle has fallen so far. */
const JITTER = 0.5;

/** Notes the angle of each sample between the hidden third factors sent and those by way of the transposed output weights. */
class Watched extends Simulation {
  readonly angles: number[] = [];
  #hidden: Float64Array | undefined;

  override modulate(projection: string, values: Readonly<Record<string, number | Float64Array>>): void {
    const { error } = values;
    assert.ok(error instanceof Float64Array);
    if (projection === HIDDEN) this.#hidden = error.slice();
    else if (projection === OUTPUT && this.#hidden !== undefined) this.angles.push(this.#angle(this.#hidden, error));
    super.modulate(projection, values);
  }

  #angle(sent: Float64Array, error: Float64Array): number {
    const weights = this.weights(OUTPUT);
    // neurons that could not follow got nothing, by either way
    const transposed = sent.map((value, j) => (value === 0 ? 0 : rowTimes(weights, j, error)));
    return angleBetween([sent], [transposed]);
  }
}

/** Mean angle over the first and over the last images that had an error. */
function angles(seed: number): readonly [first: number, last: number] {
  const experiment = digits.build({ pixels: 64, realImages: false, rule: 'dfa', train: TRAINED, epochs: 1, test: 10 });
  let watched: Watched | undefined;
  const data = {
    train: generateGlyphs({ seed, count: TRAINED, part: 'train', jitter: JITTER }),
    test: generateGlyphs({ seed, count: 10, part: 'test', jitter: JITTER }),
  };
  runOne(
    {
      plan: buildPlan(networkOf(experiment, ruleLibrary.dfa, seed), ideal()),
      task: experiment.task,
      data,
      progress: new Int32Array(2),
    },
    (plan) => {
      watched = new Watched(plan);
      return watched;
    },
  );
  const found = (watched?.angles ?? []).filter(Number.isFinite);
  assert.ok(found.length > 0.9 * TRAINED, `only ${found.length} images had an error`);
  const mean = (values: readonly number[]): number => values.reduce((sum, angle) => sum + angle, 0) / values.length;
  return [mean(found.slice(0, 100)), mean(found.slice(-1000))];
}

test('the angle of the hidden third factors to the transposed ones begins near 90 degrees and falls below 60', () => {
  for (const seed of [1, 2, 3]) {
    const [first, last] = angles(seed);
    console.log(
      `seed ${seed}: ${first.toFixed(1)} degrees over the first 100 images, ${last.toFixed(1)} over the last 1,000 of ${TRAINED}`,
    );
    assert.ok(Math.abs(first - 90) < 15, `${first}`);
    assert.ok(last < 60, `${last}`);
  }
});

test.run();
