/** The network of a task after each of its pauses: one at a time, beside the network that learned, so that a pause changes nothing there. */
import type { Plan } from '../../core/plan/plan.ts';
import type { SimulationCheckpoint } from '../../workers/checkpoint.ts';
import type { Simulation } from '../../workers/simulation.ts';
import { laterPlan, readSpan } from '../later.ts';
import type { TaskSetting } from '../task-run.ts';

export interface Pauses<Look> {
  /** As the task says them, and in seconds. */
  readonly spans: readonly { readonly after: string; readonly seconds: number }[];
  /** What looks at the network after the nth pause; it begins where the learning network stands now. */
  after(nth: number): Look;
  clearRecords(): void;
  /** What a resumed run needs of the pause at hand; nothing is needed once all images have been shown, for the next begins anew. */
  state(): { readonly paused?: SimulationCheckpoint };
}

/**
 * @param look makes what looks at a network
 * @param from the pause that a resumed run was in, and the network then
 */
export function createPauses<Look>(
  { plan, task, start }: Pick<TaskSetting<{ readonly after?: readonly string[] }>, 'plan' | 'task' | 'start'>,
  simulation: Simulation,
  look: (simulation: Simulation, plan: Plan) => Look,
  from?: { readonly nth: number; readonly network: SimulationCheckpoint },
): Pauses<Look> {
  const spans = (task.after ?? []).map((after) => ({ after, seconds: Number(readSpan(after)) }));
  let current: { readonly nth: number; readonly simulation: Simulation; readonly look: Look } | undefined;
  function begin(nth: number, network?: SimulationCheckpoint): NonNullable<typeof current> {
    const later = laterPlan(plan, simulation, spans[nth].seconds);
    const again = start(later, network);
    return { nth, simulation: again, look: look(again, later) };
  }
  if (from !== undefined) current = begin(from.nth, from.network);
  return {
    spans,
    after(nth) {
      if (current?.nth !== nth) current = begin(nth);
      return current.look;
    },
    clearRecords: () => current?.simulation.clearRecords(),
    state: () => (current === undefined ? {} : { paused: current.simulation.checkpoint() }),
  };
}
