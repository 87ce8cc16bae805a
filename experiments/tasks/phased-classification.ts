/**
 * Supervised classification in phases. A clock runs the network for so many ticks, lets traces and third factors gather in the last of them, and
 * then sends modulators to the synapses: what a rule needs beside spikes is one number per neuron, taken from neurons of the network itself.
 * Reading an image is the first phase alone, in training and in testing.
 */
import type { Plan } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { WHITE } from '../encoders.ts';
import type { Phase, PhasedClassification, ThirdFactor } from '../experiment.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';
import type { ImageData, ImageRunState, ImageTrial } from './image-runs.ts';
import { playSample, rasterOf, startImageRun } from './image-runs.ts';
import type { NeuronStates } from './neuron-states.ts';
import { keepStates, restoreStates } from './neuron-states.ts';

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
  const { classes, phases, answer, answerBy } = task;
  const populations = new Map(plan.network.populations.map((population) => [population.name, population]));
  const sizeOf = (name: string): number => populations.get(name)?.size ?? 0;
  const targets = new Map(plan.network.projections.map(({ name, post }) => [name, sizeOf(post)]));
  const inputs = sizeOf(task.input);
  const source = populations.get(task.input)?.source?.kind;
  const drive = new Float64Array(inputs);
  const lesson = new Float64Array(classes);
  const lacked = from?.lacked.slice() ?? new Float64Array(classes);
  const steps = phases.flatMap(({ learn = [] }) => learn);
  const traced = [...new Set(steps.map(({ projection }) => projection))];
  const taught = [...new Set(phases.flatMap(({ teach }) => (teach === undefined ? [] : [teach.population])))];
  const goesBack = phases.some(({ from }) => from === 'first');
  let kept = from?.kept;

  function show(images: LabelledImages, n: number): void {
    if (source === 'played') {
      playSample(simulation, task.input, images, n);
      return;
    }
    const perGrey = task.white / WHITE;
    for (let i = 0; i < inputs; i++) drive[i] = images.pixels[n * inputs + i] * perGrey;
    if (source === 'poisson')
      simulation.setRates(
        task.input,
        drive.map((spikesPerTick) => spikesPerTick / plan.network.dt),
      );
    else simulation.setState(task.input, 'bias', drive);
  }

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
    const { ticks, window, from, learn = [] } = phase;
    if (from === 'rest') simulation.resetState();
    if (from === 'first' && kept !== undefined) restoreStates(simulation, kept);
    teach(phase, label);
    simulation.learning = false;
    simulation.run(ticks - window);
    simulation.clearSpikeCounts();
    if (label !== undefined && learn.length > 0) {
      for (const projection of traced) simulation.clearTraces(projection);
      for (const { factor } of learn) {
        if (typeof factor !== 'number' && factor.what !== 'spikes') {
          simulation.setState(factor.of, factor.what, new Float64Array(sizeOf(factor.of)));
        }
      }
    }
    // a rule may learn from spikes as well as from what is sent at the end
    simulation.learning = label !== undefined && learn.length > 0;
    simulation.run(window);
  }

  function thirdFactor(factor: ThirdFactor, window: number): Float64Array {
    const { of, what, times = 1, open } = factor;
    const gathered = what === 'spikes' ? simulation.spikeCounts(of) : simulation.state(of, what);
    const values = Float64Array.from(gathered, (value) => (value * times) / window);
    if (open !== undefined) {
      const spikes = simulation.spikeCounts(open.of);
      for (let j = 0; j < values.length; j++) if (spikes[j] === 0 || spikes[j] >= open.below * window) values[j] = 0;
    }
    return values;
  }

  function learnFrom(phase: Phase, rate: number): void {
    simulation.learning = true;
    const sent = (phase.learn ?? []).map(({ factor }) => (typeof factor === 'number' ? factor : thirdFactor(factor, phase.window)));
    for (const [n, { projection, modulator, scheduled }] of (phase.learn ?? []).entries()) {
      const values = sent[n];
      const scale = scheduled === true ? rate : 1;
      const each =
        typeof values === 'number'
          ? new Float64Array(targets.get(projection) ?? 0).fill(values * scale)
          : values.map((value) => value * scale);
      simulation.modulate(projection, { [modulator]: each });
    }
    simulation.learning = false;
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
    show(images, n);
    runPhase(phases[0], label);
    return answerNow();
  }

  return {
    learn(images, n, epoch) {
      const label = images.labels[n];
      const rate = task.rateDecay ** epoch;
      const chosen = present(images, n, label);
      learnFrom(phases[0], rate);
      if (goesBack) kept = keepStates(simulation, plan);
      const values = simulation.state(answer, 'v');
      for (let k = 0; k < classes; k++) lacked[k] = Math.min(1, Math.max(0, values[k]));
      for (const phase of phases.slice(1)) {
        runPhase(phase, label);
        learnFrom(phase, rate);
      }
      return chosen === label;
    },
    answer: (images, n) => present(images, n, undefined),
    raster: (images, n, title) =>
      rasterOf(simulation, plan, { population: answer, ticks: phases[0].ticks, title }, () => present(images, n, undefined)),
    memory: () => ({ lacked: lacked.slice(), ...(kept === undefined ? {} : { kept }) }),
  };
}
