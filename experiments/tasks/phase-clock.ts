/**
 * The clock of tasks that learn in phases: it shows an image, runs the network for so many ticks, lets traces and third factors gather in the last of
 * them, and sends what is to be learned. What a rule needs beside spikes is one number per neuron, taken from neurons of the network itself.
 */
import type { Plan } from '../../core/plan/plan.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { WHITE } from '../encoders.ts';
import type { LearnStep, Phase, ThirdFactor } from '../experiment.ts';
import { playSample } from './image-runs.ts';
import type { NeuronStates } from './neuron-states.ts';
import { restoreStates } from './neuron-states.ts';

export interface PhaseClockOptions {
  /** Population with one neuron per pixel, and its drive (spikes per tick or bias) for a white one. */
  readonly input: string;
  readonly white: number;
  /** Of all phases. */
  readonly steps: readonly LearnStep[];
}

export interface PhaseRun {
  /** Traces and third factors begin at nothing when the window does. */
  readonly gathers: boolean;
  /** A rule may also learn from the spikes of the window. */
  readonly learns: boolean;
  /** What is done to the network before its first tick. */
  readonly prepare?: () => void;
  /** Where a phase `from: 'first'` begins. */
  readonly kept?: NeuronStates | undefined;
}

export interface PhaseClock {
  show(images: LabelledImages, n: number): void;
  run(phase: Phase, how: PhaseRun): void;
  /** Sends the modulators of a phase that has been run. @param rate of the steps that are scheduled */
  learnFrom(phase: Phase, rate: number): void;
}

export function createPhaseClock(simulation: Simulation, plan: Plan, { input, white, steps }: PhaseClockOptions): PhaseClock {
  const populations = new Map(plan.network.populations.map((population) => [population.name, population]));
  const sizeOf = (name: string): number => populations.get(name)?.size ?? 0;
  const inputs = sizeOf(input);
  const source = populations.get(input)?.source?.kind;
  const drive = new Float64Array(inputs);
  const traced = [...new Set(steps.map(({ projection }) => projection))];

  function thirdFactor({ of, what, times = 1, open }: ThirdFactor, window: number): Float64Array {
    const gathered = what === 'spikes' ? simulation.spikeCounts(of) : simulation.state(of, what);
    const values = Float64Array.from(gathered, (value) => (value * times) / window);
    if (open !== undefined) {
      const spikes = simulation.spikeCounts(open.of);
      for (let j = 0; j < values.length; j++) if (spikes[j] === 0 || spikes[j] >= open.below * window) values[j] = 0;
    }
    return values;
  }

  return {
    show(images, n) {
      if (source === 'played') {
        playSample(simulation, input, images, n);
        return;
      }
      const perGrey = white / WHITE;
      for (let i = 0; i < inputs; i++) drive[i] = images.pixels[n * inputs + i] * perGrey;
      if (source === 'poisson')
        simulation.setRates(
          input,
          drive.map((spikesPerTick) => spikesPerTick / plan.network.dt),
        );
      else simulation.setState(input, 'bias', drive);
    },

    run({ ticks, window, from, learn = [] }, { gathers, learns, prepare, kept }) {
      if (from === 'rest') simulation.resetState();
      if (from === 'first' && kept !== undefined) restoreStates(simulation, kept);
      prepare?.();
      simulation.learning = false;
      simulation.run(ticks - window);
      simulation.clearSpikeCounts();
      if (gathers) {
        for (const projection of traced) simulation.clearTraces(projection);
        for (const { factor } of learn) {
          if (typeof factor !== 'number' && factor.what !== 'spikes') {
            simulation.setState(factor.of, factor.what, new Float64Array(sizeOf(factor.of)));
          }
        }
      }
      simulation.learning = learns;
      simulation.run(window);
    },

    learnFrom({ window, learn = [] }, rate) {
      simulation.learning = true;
      const sent = learn.map(({ factor }) => (typeof factor === 'number' ? factor : thirdFactor(factor, window)));
      for (const [n, { projection, modulator, scheduled }] of learn.entries()) {
        const values = sent[n];
        const scale = scheduled === true ? rate : 1;
        simulation.modulate(projection, {
          [modulator]: typeof values === 'number' ? values * scale : values.map((value) => value * scale),
        });
      }
      simulation.learning = false;
    },
  };
}
