/**
 * A run that can be stopped: it goes on from its checkpoint if it is to and there is one, writes a new one now and then, and stops when a shared cell
 * says so, with a last one. Any point between two steps gives the same bits, so when it is written is decided by the clock.
 */
import { UserError } from '../core/errors.ts';
import type { NamedSynapse } from '../core/kernel/named-synapses.ts';
import { planBytes } from '../core/kernel/shard.ts';
import type { Simulation } from '../workers/simulation.ts';
import type { ProgressCells, RunOutcome } from './outcome.ts';
import type { RunCheckpoint, RunStore } from './run-store.ts';
import type { TaskRequest } from './start-task.ts';
import { startTask } from './start-task.ts';
import type { StartSimulation, TaskRun } from './task-run.ts';
import { takeSteps } from './task-run.ts';

/** Milliseconds between two checkpoints; a checkpoint that takes long is written so much more seldom that it costs a hundredth of the time. */
const PERIOD = 10_000;
const SPARING = 100;
/** What the first one will take: bytes of a plan's arrays per millisecond, measured on MNIST networks of 3 to 65 MB. */
const BYTES_PER_MILLISECOND = 100_000;

export interface KeptRequest extends TaskRequest {
  readonly progress: ProgressCells;
  /** [1] not 0 when the run is to stop; shared by all runs */
  readonly stop?: Int32Array;
  /** Synapses that keep a learning log. */
  readonly why?: readonly NamedSynapse[];
}

/** Where a run is kept, and whether it is to go on from what is there. */
export interface Keeping {
  readonly store: RunStore;
  readonly key: string;
  readonly resume: boolean;
}

export interface KeptRun {
  /** Absent when it was stopped. */
  readonly outcome?: RunOutcome;
  /** Step that it went on from. */
  readonly resumedAt?: number;
  /** What a person should hear. */
  readonly notes: readonly string[];
}

/** @param keeping absent to keep nothing: then a run that is stopped is lost */
export function runKept(request: KeptRequest, start: StartSimulation, keeping: Keeping | undefined): KeptRun {
  const notes: string[] = [];
  const from = keeping?.resume === true ? checkpointOf(keeping, notes) : undefined;
  const began = performance.now() - 1000 * (from?.wallSeconds ?? 0);
  const wallSeconds = (): number => (performance.now() - began) / 1000;
  const log = loggedStart(request, start);
  const run = startTask(request, log.start, from?.task);
  const resumed = from === undefined ? {} : { resumedAt: from.done };
  const save = keeping === undefined ? () => {} : saver(keeping, run, { wallSeconds, expected: expectedTime(request), notes });
  const isOver = takeSteps(run, request.progress, () => {
    const stops = request.stop !== undefined && Atomics.load(request.stop, 0) !== 0;
    save(stops);
    return stops;
  });
  if (!isOver) return { ...resumed, notes };
  return { outcome: { ...run.outcome(), ...log.found(), wallSeconds: wallSeconds() }, ...resumed, notes };
}

/** The first simulation of a task is the one that learns, and keeps the log. */
function loggedStart(
  { why, progress }: KeptRequest,
  start: StartSimulation,
): { start: StartSimulation; found: () => Pick<RunOutcome, 'why'> } {
  let learner: Simulation | undefined;
  return {
    start: (plan, from) => {
      if (why === undefined || learner !== undefined) return start(plan, from);
      learner = start(plan, from, { synapses: why, sample: () => progress[0] + 1 });
      return learner;
    },
    found: () => (learner === undefined ? {} : { why: learner.learningLog() }),
  };
}

const expectedTime = ({ plan }: KeptRequest): number => planBytes(plan) / BYTES_PER_MILLISECOND;

function checkpointOf({ store, key }: Keeping, notes: string[]): RunCheckpoint | undefined {
  const stored = store.readCheckpoint(key);
  if (stored === undefined || !('problem' in stored)) return stored;
  notes.push(`${stored.problem}: that run begins anew`);
  return undefined;
}

/** Writes a checkpoint when it is time, or now. A disk that is full ends the keeping, not the run. */
function saver(
  { store, key }: Keeping,
  run: TaskRun,
  { wallSeconds, expected, notes }: { readonly wallSeconds: () => number; readonly expected: number; readonly notes: string[] },
): (now: boolean) => void {
  const after = (took: number): number => performance.now() + Math.max(PERIOD, SPARING * took);
  let due = after(expected);
  let kept = run.done;
  return (now) => {
    const startedAt = performance.now();
    if (run.done === kept || (!now && startedAt < due)) return;
    try {
      store.writeCheckpoint(key, { done: run.done, task: run.state(), wallSeconds: wallSeconds() });
      kept = run.done;
      due = after(performance.now() - startedAt);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notes.push(`${error.problems[0].message}: how far the run is could not be kept`);
      due = Number.POSITIVE_INFINITY;
    }
  };
}
