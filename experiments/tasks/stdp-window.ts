/**
 * The STDP window: every synapse of a one-to-one projection sees exactly one pre and one post spike, apart by its own time difference; the
 * change of its weight is one point of the curve. `expectedWindow` gives the closed form of the rule: its own text, evaluated once for each
 * spike of a pair with the traces as exponentials.
 */
import { InternalError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { Moment } from '../../core/plasticity/rule.ts';
import { exp } from '../../core/program/elementary.ts';
import { evaluate } from '../../core/program/evaluate.ts';
import { sourcesOf } from '../../core/synapses/synapse-table.ts';
import type { SimulationCheckpoint } from '../../workers/checkpoint.ts';
import type { StdpWindow } from '../experiment.ts';
import type { RunOutcome } from '../outcome.ts';
import type { TaskRun, TaskSetting } from '../task-run.ts';

/** Ticks to go on after the last spike, so that what is under way arrives and the last learning epoch ends. */
const REST = 64;
/** Ticks of a step. */
const STEP = 100;

export interface WindowState {
  readonly simulation: SimulationCheckpoint;
  readonly weightsBefore: Float64Array;
}

export function startStdpWindow({ plan, task, start }: TaskSetting<StdpWindow>, from?: WindowState): TaskRun<WindowState> {
  const simulation = start(plan, from?.simulation);
  const weightsBefore = from?.weightsBefore.slice() ?? simulation.weights(task.plastic);
  const ticks = Math.max(...[task.input, task.teacher].map((name) => lastTick(plan, name))) + REST;
  return {
    total: Math.ceil(ticks / STEP),
    get done() {
      return Math.ceil(simulation.tick / STEP);
    },
    step: () => simulation.run(Math.min(STEP, ticks - simulation.tick)),
    state: () => ({ simulation: simulation.checkpoint(), weightsBefore: weightsBefore.slice() }),
    outcome: (): RunOutcome => {
      const weightsAfter = simulation.weights(task.plastic);
      return {
        accuracy: null,
        curve: null,
        rasters: [],
        confusion: null,
        weightsBefore,
        weightsAfter,
        window: windowOf(plan, task, weightsBefore, weightsAfter),
        events: simulation.eventCounts(),
        learning: simulation.learningCounts(),
        samples: task.deltaTicks.length * task.repeats,
        simulatedSeconds: simulation.tick * plan.network.dt,
        stateHash: simulation.hash(),
        wallSeconds: 0,
      };
    },
  };
}

/** Mean and standard deviation of the weight change by time difference. */
function windowOf(
  plan: Plan,
  { plastic, deltaTicks, repeats }: StdpWindow,
  before: Float64Array,
  after: Float64Array,
): NonNullable<RunOutcome['window']> {
  const table = plan.projections.find(({ name }) => name === plastic)?.table;
  if (table === undefined) throw new InternalError(`no projection ${plastic}`);
  const sources = sourcesOf(table);
  const changes = deltaTicks.map(() => [] as number[]);
  for (let k = 0; k < table.nSynapses; k++) changes[Math.floor(sources[k] / repeats)].push(after[k] - before[k]);
  const mean = changes.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const sd = changes.map((values, n) =>
    values.length < 2 ? 0 : Math.sqrt(values.reduce((sum, value) => sum + (value - mean[n]) ** 2, 0) / (values.length - 1)),
  );
  return { mean, sd };
}

function lastTick(plan: Plan, name: string): number {
  const source = plan.network.populations.find((population) => population.name === name)?.source;
  return source?.kind === 'replay' ? (source.ticks.at(-1) ?? 0) : 0;
}

/**
 * Weight change of one pair from the rule's text: at the later spike the trace of the earlier one is impulse·exp(-|Δt|/tau).
 * @param deltaT post - pre, seconds
 */
export function expectedWindow(checked: CheckedRule, dt: number, weight: number, deltaT: readonly number[]): number[] {
  const { rule, moments } = checked;
  const [low, high] = rule.bounds;
  return deltaT.map((delta) => {
    const values = new Map<string, number>([['w', weight], ['dt', dt], ...Object.entries(rule.parameters)]);
    for (const [name, { initial }] of Object.entries(rule.variables)) values.set(name, initial);
    for (const name of [...Object.keys(rule.traces), ...Object.keys(rule.modulators)]) values.set(name, 0);
    const run = (moment: Moment): void => {
      const program = moments[moment];
      if (program === undefined) return;
      evaluate(
        program,
        (name) => values.get(name) ?? 0,
        (name, _scope, value) => {
          values.set(name, name === 'w' ? Math.min(high, Math.max(low, value)) : value);
        },
        () => 0.5,
      );
    };
    const spike = (side: 'pre' | 'post', age: number): void => {
      for (const [name, trace] of Object.entries(rule.traces))
        if (trace.on === side) values.set(name, trace.impulse * exp(-age / trace.tau));
    };
    const order: readonly ('pre' | 'post')[] = delta >= 0 ? ['pre', 'post'] : ['post', 'pre'];
    run(order[0] === 'pre' ? 'onPre' : 'onPost');
    spike(order[0], Math.abs(delta));
    run(order[1] === 'pre' ? 'onPre' : 'onPost');
    return (values.get('w') ?? weight) - weight;
  });
}
