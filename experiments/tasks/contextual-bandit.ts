/**
 * Contextual bandit with delayed reward. Each trial one context is active, as rates or as a pattern of spikes; the action pool with most spikes is the
 * choice. The reward arrives after a delay in which the input is silent, so only the eligibility bridges it. The modulator is reward minus the running
 * mean of the rewards, in this context or in all.
 */
import type { Plan } from '../../core/plan/plan.ts';
import { integerAt, streamOf } from '../../core/random.ts';
import type { ContextualBandit } from '../experiment.ts';
import type { ProgressCells, RunOutcome } from '../outcome.ts';
import type { StartSimulation } from '../start-simulation.ts';
import { startPlain } from '../start-simulation.ts';

/** Trials per point of the learning curve. */
const CURVE_STEP = 50;

export function runContextualBandit(
  plan: Plan,
  task: ContextualBandit,
  progress: ProgressCells,
  start: StartSimulation = startPlain,
): RunOutcome {
  const simulation = start(plan);
  const { contexts, actions, trials, patterns, rateOn = 0, rateOff = 0 } = task;
  const sizeOf = (population: string): number => plan.network.populations.find(({ name }) => name === population)?.size ?? 0;
  const inputs = sizeOf(task.input);
  const neurons = sizeOf(task.answer);
  const stream = streamOf('contextual-bandit/context');
  const rates = new Float64Array(inputs);
  const reward = new Float64Array(neurons);
  // one for all stands in the first place
  const expected = new Float64Array(contexts);
  const everyone = Array.from({ length: inputs }, (_, i) => i);
  const curve = { samples: [] as number[], values: [] as number[] };
  const confusion = Array.from({ length: contexts }, () => new Array<number>(actions).fill(0));
  const weightsBefore = simulation.weights(task.plastic);
  let rewardedSince = 0;
  let scored = 0;
  progress[1] = trials;
  for (let trial = 0; trial < trials; trial++) {
    const context = integerAt(plan.network.seed, stream, trial, 0, contexts);
    simulation.resetState();
    simulation.clearSpikeCounts();
    if (patterns === undefined) {
      rates.fill(rateOff).fill(rateOn, (context * inputs) / contexts, ((context + 1) * inputs) / contexts);
      simulation.setRates(task.input, rates);
    } else simulation.play(task.input, patterns[context].ticks, everyone);
    simulation.run(task.trialTicks);
    const action = mostActivePool(simulation.spikeCounts(task.answer), actions);
    const got = action === (patterns?.[context].right ?? context) ? 1 : 0;
    if (patterns === undefined) simulation.setRates(task.input, rates.fill(0));
    simulation.run(task.rewardDelayTicks);
    const cell = task.expectation === 'global' ? 0 : context;
    const surprise = got - expected[cell];
    expected[cell] += task.expectationRate * surprise;
    simulation.modulate(task.plastic, { [task.modulator]: reward.fill(surprise) });
    rewardedSince += got;
    if (trial >= trials - task.scoredTrials) {
      scored += got;
      confusion[context][action]++;
    }
    if ((trial + 1) % CURVE_STEP === 0) {
      curve.samples.push(trial + 1);
      curve.values.push(rewardedSince / CURVE_STEP);
      rewardedSince = 0;
    }
    progress[0]++;
  }
  return {
    accuracy: scored / task.scoredTrials,
    curve: { ...curve, label: `share of rewarded trials in the last ${CURVE_STEP}` },
    rasters: [],
    confusion,
    weightsBefore,
    weightsAfter: simulation.weights(task.plastic),
    window: null,
    events: simulation.eventCounts(),
    learning: simulation.learningCounts(),
    samples: trials,
    simulatedSeconds: simulation.tick * plan.network.dt,
    stateHash: simulation.hash(),
    wallSeconds: 0,
  };
}

function mostActivePool(spikes: Int32Array, pools: number): number {
  const size = spikes.length / pools;
  const counts = Array.from({ length: pools }, (_, k) => spikes.subarray(k * size, (k + 1) * size).reduce((sum, n) => sum + n, 0));
  return counts.indexOf(Math.max(...counts));
}
