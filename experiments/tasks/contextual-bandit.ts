/**
 * Contextual bandit with delayed reward. Each trial one context is active, as rates or as a pattern of spikes; the action pool with most spikes is the
 * choice. The reward arrives after a delay in which the input is silent, so only the eligibility bridges it. The modulator is reward minus the running
 * mean of the rewards, in this context or in all.
 */
import { integerAt, streamOf } from '../../core/random.ts';
import type { SimulationCheckpoint } from '../../workers/checkpoint.ts';
import type { ContextualBandit } from '../experiment.ts';
import type { RunOutcome } from '../outcome.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';

/** Trials per point of the learning curve. */
const CURVE_STEP = 50;

/** What the host remembers from trial to trial. */
interface Memory {
  trial: number;
  /** [contexts] reward that is expected in each; one for all stands in the first place */
  readonly expected: Float64Array;
  readonly curve: { readonly samples: number[]; readonly values: number[] };
  rewardedSince: number;
  scored: number;
  readonly confusion: number[][];
  readonly weightsBefore: Float64Array;
}

export interface BanditState {
  readonly simulation: SimulationCheckpoint;
  readonly memory: Memory;
}

export function startContextualBandit({ plan, task, start }: TaskSetting<ContextualBandit>, from?: BanditState): TaskRun<BanditState> {
  const simulation = start(plan, from?.simulation);
  const { contexts, actions, trials, patterns, rateOn = 0, rateOff = 0 } = task;
  const sizeOf = (population: string): number => plan.network.populations.find(({ name }) => name === population)?.size ?? 0;
  const inputs = sizeOf(task.input);
  const stream = streamOf('contextual-bandit/context');
  const rates = new Float64Array(inputs);
  const reward = new Float64Array(sizeOf(task.answer));
  const everyone = Array.from({ length: inputs }, (_, i) => i);
  const memory: Memory = structuredClone(from?.memory) ?? {
    trial: 0,
    expected: new Float64Array(contexts),
    curve: { samples: [], values: [] },
    rewardedSince: 0,
    scored: 0,
    confusion: Array.from({ length: contexts }, () => new Array<number>(actions).fill(0)),
    weightsBefore: simulation.weights(task.plastic),
  };

  /** Shows a context. @returns the action that was chosen */
  function choose(context: number): number {
    simulation.resetState();
    simulation.clearSpikeCounts();
    if (patterns === undefined) {
      rates.fill(rateOff).fill(rateOn, (context * inputs) / contexts, ((context + 1) * inputs) / contexts);
      simulation.setRates(task.input, rates);
    } else simulation.play(task.input, patterns[context].ticks, everyone);
    simulation.run(task.trialTicks);
    return mostActivePool(simulation.spikeCounts(task.answer), actions);
  }

  function rewardAfterDelay(context: number, got: number): void {
    if (patterns === undefined) simulation.setRates(task.input, rates.fill(0));
    simulation.run(task.rewardDelayTicks);
    const cell = task.expectation === 'global' ? 0 : context;
    const surprise = got - memory.expected[cell];
    memory.expected[cell] += task.expectationRate * surprise;
    simulation.modulate(task.plastic, { [task.modulator]: reward.fill(surprise) });
  }

  function note(context: number, action: number, got: number): void {
    const { curve, confusion } = memory;
    memory.rewardedSince += got;
    if (memory.trial >= trials - task.scoredTrials) {
      memory.scored += got;
      confusion[context][action]++;
    }
    if (++memory.trial % CURVE_STEP !== 0) return;
    curve.samples.push(memory.trial);
    curve.values.push(memory.rewardedSince / CURVE_STEP);
    memory.rewardedSince = 0;
  }

  return {
    total: trials,
    get done() {
      return memory.trial;
    },
    step: () => {
      const context = integerAt(plan.network.seed, stream, memory.trial, 0, contexts);
      const action = choose(context);
      const got = action === (patterns?.[context].right ?? context) ? 1 : 0;
      rewardAfterDelay(context, got);
      note(context, action, got);
      simulation.clearRecords();
    },
    state: () => ({ simulation: simulation.checkpoint(), memory: structuredClone(memory) }),
    outcome: (): RunOutcome => ({
      accuracy: memory.scored / task.scoredTrials,
      curve: { ...memory.curve, label: `share of rewarded trials in the last ${CURVE_STEP}` },
      rasters: [],
      confusion: memory.confusion,
      weightsBefore: memory.weightsBefore,
      weightsAfter: simulation.weights(task.plastic),
      window: null,
      events: simulation.eventCounts(),
      learning: simulation.learningCounts(),
      samples: trials,
      simulatedSeconds: simulation.tick * plan.network.dt,
      stateHash: simulation.hash(),
      wallSeconds: 0,
    }),
  };
}

function mostActivePool(spikes: Int32Array, pools: number): number {
  const size = spikes.length / pools;
  const counts = Array.from({ length: pools }, (_, k) => spikes.subarray(k * size, (k + 1) * size).reduce((sum, n) => sum + n, 0));
  return counts.indexOf(Math.max(...counts));
}
