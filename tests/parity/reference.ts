/**
 * A second kernel that is slow and obvious: every program goes through the evaluator, one item at a time, in plain loops over all neurons and
 * synapses; spikes on their way are found by looking back in time. It has no delay ring, no reverse index and no compiled code, and is what
 * the real kernel must equal bit by bit. Floating-point chips only; learning by moments, not by epoch programs.
 */
import type { LoweredVariable } from '../../core/chip-contract.ts';
import type { Plan, PlannedProjection } from '../../core/plan/plan.ts';
import type { Moment } from '../../core/plasticity/rule.ts';
import { log } from '../../core/program/elementary.ts';
import { evaluate, evaluateExpr } from '../../core/program/evaluate.ts';
import type { Draw, Expr, Program } from '../../core/program/ir.ts';
import { normalAt, streamOf, uniformAt } from '../../core/random.ts';

type Values = Float64Array | Float32Array;

interface ReferencePopulation {
  readonly size: number;
  readonly variables: Map<string, Values>;
  /** Whether each neuron fired, by tick; index 0 is before the first. */
  readonly history: boolean[][];
}

interface ReferenceProjection {
  readonly plan: PlannedProjection;
  /** Row and source of each synapse. */
  readonly rowOf: number[];
  readonly variables: Map<string, Values>;
  readonly traces: Map<string, Values>;
  readonly modulators: Map<string, Float64Array | Float32Array>;
  readonly counters: Map<string, number>;
}

export interface Reference {
  tick: number;
  learning: boolean;
  readonly populations: readonly ReferencePopulation[];
  readonly projections: readonly ReferenceProjection[];
  readonly events: { synapticEvent: number; neuronUpdate: number; neuronSpike: number; traceUpdate: number };
  step(): void;
  modulate(projection: number, values: Record<string, number | Float64Array>): void;
}

function filled({ storage, initial }: LoweredVariable, n: number): Values {
  const values = storage === 'f32' ? new Float32Array(n) : new Float64Array(n);
  if (typeof initial === 'number') values.fill(initial);
  else values.set(initial);
  return values;
}

export function createReference(plan: Plan): Reference {
  const { seed, dt } = plan.network;
  const events = { synapticEvent: 0, neuronUpdate: 0, neuronSpike: 0, traceUpdate: 0 };

  const populations = plan.populations.map(({ lowered, size }): ReferencePopulation => {
    const all = [...(lowered?.variables ?? []), ...(lowered?.ports ?? [])];
    const variables = new Map(all.map((variable) => [variable.name, filled(variable, size)]));
    for (const { name, into } of lowered?.ports ?? []) if (into !== undefined) variables.set(name, variables.get(into) as Values);
    return {
      size,
      variables,
      history: [new Array(size).fill(false)],
    };
  });

  const projections = plan.projections.map((projection): ReferenceProjection => {
    const { lowered, table } = projection;
    const rowOf = Array.from({ length: table.nSynapses }, (_, k) => {
      let row = 0;
      while (table.rowStart[row + 1] <= k) row++;
      return row;
    });
    return {
      plan: projection,
      rowOf,
      variables: new Map(lowered.variables.map((variable) => [variable.name, filled(variable, table.nSynapses)])),
      traces: new Map(lowered.traces.map(({ name, on, variable }) => [name, filled(variable, on === 'pre' ? table.nRows : table.nPost)])),
      modulators: new Map(
        lowered.modulators.map(({ name, per, storage }) => {
          const length = per === 'post' ? table.nPost : 1;
          return [name, storage === 'f32' ? new Float32Array(length) : new Float64Array(length)];
        }),
      ),
      counters: new Map(lowered.counters.map(({ name }) => [name, 0])),
    };
  });

  const drawer =
    (stream: string, item: number, tick: number, firstSite = 0) =>
    (distribution: Draw['distribution'], site: number): number =>
      (distribution === 'uniform' ? uniformAt : normalAt)(seed, streamOf(stream), item, tick, firstSite + site);

  function runNeuron(p: number, part: string, program: Program, i: number, tick: number): void {
    const { variables } = populations[p];
    evaluate(
      program,
      (name) => (variables.get(name) as Values)[i],
      (name, _scope, value) => {
        (variables.get(name) as Values)[i] = value;
      },
      drawer(`${plan.populations[p].name}/${part}`, i, tick),
    );
  }

  function evaluateNeuron(p: number, part: string, expr: Expr, i: number, tick: number, firstSite: number): number {
    const { variables } = populations[p];
    const draw = drawer(`${plan.populations[p].name}/${part}`, i, tick, firstSite);
    return evaluateExpr(expr, (name) => (variables.get(name) as Values)[i], draw);
  }

  function runSynapse(projection: ReferenceProjection, part: string, program: Program, k: number, tick: number): void {
    const { plan: planned, rowOf, variables, traces, modulators, counters } = projection;
    const target = planned.table.target[k];
    const post = populations[planned.post].variables;
    const find = (name: string, scope: string): [Values, number] => {
      if (scope === 'synapse') return [variables.get(name) as Values, k];
      if (scope === 'pre') return [traces.get(name) as Values, rowOf[k]];
      if (scope === 'modulator') return [modulators.get(name) as Values, 0];
      return [traces.get(name) ?? modulators.get(name) ?? post.get(name) ?? (post.get(name.replace(/_post$/, '')) as Values), target];
    };
    evaluate(
      program,
      (name, scope) => {
        if (name === 'tick') return tick;
        if (scope === 'counter') return counters.get(name) as number;
        const [values, index] = find(name, scope);
        return values[index];
      },
      (name, scope, value) => {
        if (scope === 'counter') counters.set(name, value);
        else {
          const [values, index] = find(name, scope);
          values[index] = value;
        }
      },
      drawer(`${planned.name}/${part}`, k, tick),
    );
  }

  function runTrace(projection: ReferenceProjection, name: string, part: 'decay' | 'impulse', item: number): void {
    const lowered = projection.plan.lowered.traces.find((trace) => trace.name === name);
    const values = projection.traces.get(name) as Values;
    if (lowered === undefined) return;
    evaluate(
      lowered[part],
      () => values[item],
      (_name, _scope, value) => {
        values[item] = value;
      },
      () => Number.NaN,
    );
  }

  function impulses(projection: ReferenceProjection, on: 'pre' | 'post', items: readonly number[]): void {
    for (const trace of projection.plan.lowered.traces) {
      if (trace.on !== on) continue;
      for (const item of items) runTrace(projection, trace.name, 'impulse', item);
      events.traceUpdate += items.length;
    }
  }

  const synapsesOf = (projection: ReferenceProjection, belongs: (k: number) => boolean): number[] =>
    projection.rowOf.map((_, k) => k).filter(belongs);

  function learn(projection: ReferenceProjection, moment: Moment, synapses: readonly number[], tick: number): void {
    const program = projection.plan.lowered.moments[moment];
    if (program !== undefined && reference.learning) for (const k of synapses) runSynapse(projection, moment, program, k, tick);
  }

  /** port += arrivals · weight, rounded as the port is kept. */
  function deliverCounted({ plan: { table, post, port } }: ReferenceProjection, weight: number, arriving: readonly number[]): void {
    const values = populations[post].variables.get(port) as Values;
    const round = values instanceof Float32Array ? Math.fround : (value: number): number => value;
    for (let j = 0; j < table.nPost; j++) {
      const arrivals = arriving.filter((k) => table.target[k] === j).length;
      if (arrivals > 0) values[j] = round(values[j] + round(arrivals * round(weight)));
    }
  }

  function arrive(projection: ReferenceProjection, tick: number): void {
    const { table, lowered, pre } = projection.plan;
    for (const { name } of lowered.traces) {
      const values = projection.traces.get(name) as Values;
      for (let item = 0; item < values.length; item++) runTrace(projection, name, 'decay', item);
    }
    const { history } = populations[pre];
    const rows = [...table.rowSource.keys()].filter((row) => history[tick - table.rowDelay[row]]?.[table.rowSource[row]] === true);
    if (rows.length === 0) return;
    const arriving = synapsesOf(projection, (k) => rows.includes(projection.rowOf[k]));
    const { counted } = projection.plan;
    if (counted === undefined) for (const k of arriving) runSynapse(projection, 'deliver', lowered.deliver, k, tick);
    else deliverCounted(projection, counted.weight, arriving);
    events.synapticEvent += arriving.length;
    learn(projection, 'onPre', arriving, tick);
    impulses(projection, 'pre', rows);
  }

  function advance(p: number, tick: number): void {
    const { lowered, source, name } = plan.populations[p];
    const { size, history } = populations[p];
    let fired: number[] = [];
    if (source?.kind === 'poisson') {
      fired = range(size).filter((i) => --waiting[p][i] <= 0);
      for (const i of fired) waiting[p][i] = ticksToSpike(name, source.rates[i], i, tick);
    } else if (source?.kind === 'replay') {
      fired = range(size).filter((i) => source.ticks.some((at, n) => at === tick && source.neurons[n] === i));
    } else if (lowered !== undefined) {
      for (let i = 0; i < size; i++) runNeuron(p, 'advance', lowered.advance, i, tick);
      const { threshold, competition } = lowered;
      if (threshold !== undefined)
        fired = range(size).filter((i) => evaluateNeuron(p, 'advance', threshold, i, tick, lowered.advance.draws) !== 0);
      if (competition !== undefined && fired.length > 0) {
        const scores = fired.map((i) => evaluateNeuron(p, 'score', competition.score, i, tick, 0));
        const winner = fired[scores.indexOf(Math.max(...scores))];
        for (let i = 0; i < size; i++) if (i !== winner) runNeuron(p, 'lose', competition.lose, i, tick);
        fired = [winner];
      }
      for (const i of fired) runNeuron(p, 'reset', lowered.reset, i, tick);
      for (const { name, into } of lowered.ports) if (into === undefined) populations[p].variables.get(name)?.fill(0);
      events.neuronUpdate += size;
    }
    events.neuronSpike += fired.length;
    history.push(range(size).map((i) => fired.includes(i)));
  }

  /** Ticks from `tick` to the next spike of a Poisson source, geometric: P(more than g) = (1 - p)^g. */
  function ticksToSpike(name: string, rate: number, i: number, tick: number): number {
    const p = Math.min(1, rate * dt);
    if (p === 0) return Number.POSITIVE_INFINITY;
    const u = uniformAt(seed, streamOf(`${name}/wait`), i, tick, 0);
    return p === 1 ? 1 : Math.floor(log(u) * (1 / log(1 - p))) + 1;
  }

  const waiting = plan.populations.map(({ name, source, size }) =>
    range(size).map((i) => (source?.kind === 'poisson' ? ticksToSpike(name, source.rates[i], i, 0) : 0)),
  );

  const reference: Reference = {
    tick: 0,
    learning: true,
    populations,
    projections,
    events,
    step() {
      const tick = ++this.tick;
      for (const projection of projections) arrive(projection, tick);
      for (let p = 0; p < populations.length; p++) advance(p, tick);
      for (const projection of projections) {
        const { history } = populations[projection.plan.post];
        const fired = range(history[tick].length).filter((j) => history[tick][j]);
        for (const j of fired)
          learn(
            projection,
            'onPost',
            synapsesOf(projection, (k) => projection.plan.table.target[k] === j),
            tick,
          );
        if (fired.length > 0) impulses(projection, 'post', fired);
        if (tick % projection.plan.lowered.epochTicks === 0)
          learn(
            projection,
            'onLearningEpoch',
            synapsesOf(projection, () => true),
            tick,
          );
      }
    },
    modulate(at, values) {
      const projection = projections[at];
      for (const [name, value] of Object.entries(values)) {
        const cells = projection.modulators.get(name) as Values;
        if (typeof value === 'number') cells.fill(value);
        else cells.set(value);
      }
      const perPost = projection.plan.lowered.modulators.filter(({ per }) => per === 'post');
      const reached = (k: number): boolean =>
        perPost.length === 0 || perPost.some(({ name }) => projection.modulators.get(name)?.[projection.plan.table.target[k]] !== 0);
      // counters are sums of whole numbers and draws belong to synapses, so the order of synapses does not matter
      learn(projection, 'onModulator', synapsesOf(projection, reached), this.tick);
      for (const cells of projection.modulators.values()) cells.fill(0);
    },
  };
  return reference;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
