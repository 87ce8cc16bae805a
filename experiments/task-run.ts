/**
 * A task as something that can be stopped and gone on from. It goes in short steps (an image, a trial, some ticks); between two of them all it knows,
 * its simulation among it, can be taken out as plain data, and a run that starts from that ends in the same bits. A new kind of task is a function
 * `start…(setting, from?)` that returns a `TaskRun`, and one line in `start-task.ts`.
 */
import type { LogRequest } from '../core/kernel/learning-log.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { SimulationCheckpoint } from '../workers/checkpoint.ts';
import { Simulation } from '../workers/simulation.ts';
import type { ProgressCells, RunOutcome } from './outcome.ts';
import type { WatchTrial } from './tasks/image-runs.ts';

export interface TaskRun<State = unknown> {
  /** Steps of the whole task, and those that are done. */
  readonly total: number;
  readonly done: number;
  /** The next step: short, because a run is stopped between two. */
  step(): void;
  /** Everything to go on from here: plain data with typed arrays, a copy. */
  state(): State;
  /** What the run brings home; asked for once, after the last step. Time on the clock is not the task's business. */
  outcome(): RunOutcome;
}

/** How a task gets its simulation: plainly, or one that is being watched. @param from where it goes on @param why synapses that keep a log */
export type StartSimulation = (plan: Plan, from?: SimulationCheckpoint, why?: LogRequest) => Simulation;

export const startPlain: StartSimulation = (plan, from, why) => new Simulation(plan, { ...(from && { from }), ...(why && { why }) });

/** What a task of some kind is started with. */
export interface TaskSetting<Task> {
  readonly plan: Plan;
  readonly task: Task;
  readonly start: StartSimulation;
  /** Who looks on, at tasks that classify images. */
  readonly watch?: WatchTrial;
}

/**
 * Does the steps that are left, reporting each.
 * @param stops asked before each step
 * @returns false if it was stopped
 */
export function takeSteps(run: TaskRun, progress: ProgressCells, stops: () => boolean = () => false): boolean {
  progress[1] = run.total;
  for (progress[0] = run.done; run.done < run.total; progress[0] = run.done) {
    if (stops()) return false;
    run.step();
  }
  return true;
}
