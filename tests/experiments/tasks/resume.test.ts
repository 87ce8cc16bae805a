/** A task that is stopped between two steps, and goes on from what it kept, brings home what it would have without the stop. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import { generateGlyphs } from '../../../experiments/data/glyphs.ts';
import type { ConvolutionalReward, Experiment, ImageTask, PhasedClassification, Pretraining } from '../../../experiments/experiment.ts';
import { readsImages } from '../../../experiments/experiment.ts';
import { networkOf } from '../../../experiments/plan-runs.ts';
import type { TaskRequest } from '../../../experiments/start-task.ts';
import { startTask } from '../../../experiments/start-task.ts';
import type { TaskRun } from '../../../experiments/task-run.ts';
import { startPlain, takeSteps } from '../../../experiments/task-run.ts';
import { digits } from '../../../scenarios/digits.ts';
import { novelty } from '../../../scenarios/novelty.ts';
import { rewardChoice } from '../../../scenarios/reward-choice.ts';
import { stdpWindow } from '../../../scenarios/stdp-window.ts';
import { xorTemporal } from '../../../scenarios/xor-temporal.ts';
import { openPacker } from '../../../workers/packer.ts';

const IMAGES = { train: 22, test: 8 };
const data = {
  train: generateGlyphs({ seed: 1, count: IMAGES.train, part: 'train' }),
  test: generateGlyphs({ seed: 1, count: IMAGES.test, part: 'test' }),
};

function request(experiment: Experiment, rule: string, chip: ChipBackend): TaskRequest {
  const plan = buildPlan(networkOf(experiment, ruleLibrary[rule], 1), chip);
  return { plan, task: experiment.task, ...(readsImages(experiment.task) ? { data } : {}) };
}

function images(rule: string): Experiment {
  const experiment = digits.build({ pixels: 64, realImages: false, rule, epochs: 2, ...IMAGES });
  return { ...experiment, task: { ...(experiment.task as ImageTask), after: ['1 h', '1 day'] } };
}

/** A network that is looked at before anything is learned; that its weights are its own changes nothing here. */
function placed(rule: string): Experiment {
  const experiment = images(rule);
  const task = experiment.task as PhasedClassification;
  return { ...experiment, task: { ...task, pretrain: { ...(task.pretrain as Pretraining), epochs: 1 } } };
}

/** Features that learn from a few images. */
function convolution(): Experiment {
  const experiment = images('r-stdp-conv');
  const task = experiment.task as ConvolutionalReward;
  return { ...experiment, task: { ...task, stages: task.stages.map((stage) => ({ ...stage, images: 10 })) } };
}

const predicted = novelty.build({ pixels: 64, realImages: false, epochs: 2, ...IMAGES });
const held: Experiment = { ...predicted, task: { ...(predicted.task as ImageTask), after: ['1 h', '1 day'] } };

const cases: readonly (readonly [name: string, request: TaskRequest, stops: readonly number[]])[] = [
  [
    'reward classification, in epochs, tests and pauses',
    request(images('r-stdp'), 'r-stdp', memristorCrossbar({ device: 'pcm' })),
    [1, 30, 46, 55, 63],
  ],
  ['reward classification in integers', request(images('r-stdp'), 'r-stdp', loihiLike()), [29]],
  ['phases that go back (ep)', request(images('ep'), 'ep', loihiLike()), [13, 44, 52, 61]],
  ['phases (dfa)', request(images('dfa'), 'dfa', memristorCrossbar()), [26]],
  ['placed first, then phases (pc)', request(placed('pc'), 'pc', loihiLike()), [1, 8, 30, 61]],
  ['placed on cells that drift (ep)', request(placed('ep'), 'ep', memristorCrossbar({ device: 'pcm' })), [3, 70]],
  ['convolution', request(convolution(), 'r-stdp-conv', memristorCrossbar()), [0, 1, 30, 48]],
  [
    'anomaly detection, before and after learning and after pauses',
    request(held, 'pc', memristorCrossbar({ device: 'pcm' })),
    [8, 31, 51, 61],
  ],
  ['bandit', request(rewardChoice.build({ pixels: 0, realImages: false, train: 120 }), 'r-stdp-delayed', ideal()), [49, 50, 77]],
  ['bandit with patterns', request(xorTemporal.build({ pixels: 0, realImages: false, train: 60 }), 'r-stdp-fast', ideal()), [31]],
  ['STDP window', request(stdpWindow.build({ pixels: 0, realImages: false }), 'pair-stdp', memristorCrossbar()), [0, 1, 2]],
];

/** The steps of a run up to one of them. */
function advanceTo(run: TaskRun, step: number): TaskRun {
  takeSteps(run, new Int32Array(2), () => run.done >= step);
  return run;
}

for (const [name, asked, stops] of cases) {
  test(`stopped and gone on from: ${name}`, async () => {
    const packer = await openPacker();
    const whole = advanceTo(startTask(asked, startPlain), Number.POSITIVE_INFINITY);
    assert.is(whole.done, whole.total);
    const expected = whole.outcome();
    for (const stop of stops) {
      const first = advanceTo(startTask(asked, startPlain), stop);
      const kept = packer.unpack(packer.pack(first.state()));
      // the first goes on, which must not reach what was kept
      advanceTo(first, stop + 3);
      const second = startTask(asked, startPlain, kept);
      assert.is(second.done, stop);
      assert.equal(advanceTo(second, Number.POSITIVE_INFINITY).outcome(), expected, `stopped after ${stop} of ${whole.total} steps`);
    }
  });
}

test.run();
