/**
 * Supervised classification in phases (experiments/tasks/phase-clock.ts). Reading an image is the first phase alone, in training and in testing; in
 * training the others follow, with the answer taught.
 */
import type { Plan } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { Simulation } from '../../workers/simulation.ts';
import type { Phase, PhasedClassification } from '../experiment.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';
import type { ImageData, ImageRunState, ImageTrial } from './image-runs.ts';
import { rasterOf, startImageRun } from './image-runs.ts';
import type { NeuronStates } from './neuron-states.ts';
import { keepStates } from './neuron-states.ts';
import { createPhaseClock } from './phase-clock.ts';

/** What an image leaves for the next: the states that a phase may go back to, and [classes] what the answers lacked. */
interface Memory {
  readonly kept?: NeuronStates;
  readonly lacked: Float64Array;
}

export type PhasedState = ImageRunState<Memory>;

export function startPhasedClassification(
  setting: TaskSetting<PhasedClassification>,
  data: ImageData,
  from?: PhasedState,
): TaskRun<PhasedState> {
  return startImageRun(setting, data, (simulation, used, memory) => createTrial(simulation, used, setting.task, memory), from);
}

function createTrial(simulation: Simulation, plan: Plan, task: PhasedClassification, from?: Memory): ImageTrial<Memory> {
  const { classes, phases, answer, answerBy, input, white } = task;
  const clock = createPhaseClock(simulation, plan, { input, white, steps: phases.flatMap(({ learn = [] }) => learn) });
  const lesson = new Float64Array(classes);
  const lacked = from?.lacked.slice() ?? new Float64Array(classes);
  const taught = [...new Set(phases.flatMap(({ teach }) => (teach === undefined ? [] : [teach.population])))];
  const goesBack = phases.some(({ from: begin }) => begin === 'first');
  let kept = from?.kept;

  /** @param label class to teach; undefined to leave the network alone */
  function teach({ teach: lessonOf }: Phase, label: number | undefined): void {
    for (const population of taught) {
      if (label === undefined || lessonOf?.population !== population) lesson.fill(0);
      else if ('nudge' in lessonOf) for (let k = 0; k < classes; k++) lesson[k] = lessonOf.nudge * ((k === label ? 1 : 0) - lacked[k]);
      else lesson.fill(lessonOf.wrong).fill(lessonOf.right, label, label + 1);
      simulation.setState(population, 'bias', lesson);
    }
  }

  function runPhase(phase: Phase, label: number | undefined): void {
    const learns = label !== undefined && phase.learn !== undefined;
    clock.run(phase, { gathers: learns, learns, prepare: () => teach(phase, label), kept });
  }

  function answerNow(): number {
    const spikes = simulation.spikeCounts(answer);
    const values = simulation.state(answer, 'v');
    let best = 0;
    for (let k = 1; k < classes; k++) {
      const more = answerBy === 'spikes' ? spikes[k] - spikes[best] : 0;
      if (more > 0 || (more === 0 && values[k] > values[best])) best = k;
    }
    return best;
  }

  function present(images: LabelledImages, n: number, label: number | undefined): number {
    clock.show(images, n);
    runPhase(phases[0], label);
    return answerNow();
  }

  return {
    learn(images, n, epoch) {
      const label = images.labels[n];
      const rate = task.rateDecay ** epoch;
      const chosen = present(images, n, label);
      clock.learnFrom(phases[0], rate);
      if (goesBack) kept = keepStates(simulation, plan);
      const values = simulation.state(answer, 'v');
      for (let k = 0; k < classes; k++) lacked[k] = Math.min(1, Math.max(0, values[k]));
      for (const phase of phases.slice(1)) {
        runPhase(phase, label);
        clock.learnFrom(phase, rate);
      }
      return chosen === label;
    },
    answer: (images, n) => present(images, n, undefined),
    raster: (images, n, title) =>
      rasterOf(simulation, plan, { population: answer, ticks: phases[0].ticks, title }, () => present(images, n, undefined)),
    memory: () => ({ lacked: lacked.slice(), ...(kept === undefined ? {} : { kept }) }),
  };
}
