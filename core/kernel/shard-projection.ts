/** One projection inside a shard: synapse arrays, traces, spikes on their way, and one compiled loop per moment. */

import { InternalError } from '../errors.ts';
import type { Plan, PlannedProjection } from '../plan/plan.ts';
import type { Moment } from '../plasticity/rule.ts';
import { compileLater } from '../program/compile-kernel.ts';
import { evaluateExpr } from '../program/evaluate.ts';
import type { Expr, Program } from '../program/ir.ts';
import type { Binding, Kernel, Loop, NumericArray } from '../program/kernel.ts';
import { streamOf } from '../random.ts';
import { createDelayRing, ringLength } from '../synapses/delay-ring.ts';
import { payloadLength } from '../synapses/payload-ring.ts';
import { hasConsecutiveRows } from '../synapses/synapse-table.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';
import { planArena } from '../typed-arrays-utils.ts';
import { addingProgram, arrivalsName, isReadByAdvance } from './arrivals.ts';
import { bitWords, countFields, countSpec } from './counted-rows.ts';
import { attachEpoch, epochFields } from './epoch.ts';
import type { ShardProjection } from './projection-shape.ts';
import { attachReplay, replayFields } from './replay.ts';
import { arrivalProgram } from './replay-program.ts';
import type { ShardMemory } from './shard-memory.ts';
import type { ShardPopulation } from './shard-population.ts';
import { identifier } from './shard-population.ts';

const field = (projection: PlannedProjection, name: string): string => `${projection.name}:${name}`;

const indexType = (array: Int32Array | Uint16Array): 'i32' | 'u16' => (array instanceof Uint16Array ? 'u16' : 'i32');

/** Of its arrays. */
export const projectionBytes = (projection: PlannedProjection): number =>
  planArena(projectionFields(projection)).bytes + 4 * bitWords(projection);

export function projectionFields(projection: PlannedProjection): ArenaField[] {
  const { lowered, table, reverse, rowShift, rowNumber } = projection;
  const fields: ArenaField[] = [
    { name: field(projection, '#counters'), type: 'f64', length: Math.max(1, lowered.counters.length) },
    { name: field(projection, '#carried'), type: 'f64', length: lowered.counters.length },
    { name: field(projection, '#targets'), type: 'i32', length: table.nPost },
    { name: field(projection, '#rows'), type: 'i32', length: table.nRows },
    { name: field(projection, '#sums'), type: 'f64', length: table.nPost },
    { name: field(projection, '#ring'), type: 'i32', length: ringLength(table) },
  ];
  if (projection.isGraded === true) {
    fields.push(
      { name: field(projection, '#waiting'), type: 'f64', length: payloadLength(table) },
      { name: field(projection, '#payload'), type: 'f64', length: table.nRows },
    );
  }
  const words = (name: string, array: Int32Array | Uint16Array | undefined): void => {
    if (array !== undefined) fields.push({ name: field(projection, name), type: indexType(array), length: array.length });
  };
  if (projection.counted === undefined) {
    words('#rowStart', table.rowStart);
    words('#target', table.target);
  } else fields.push(...countFields(projection));
  words('#columnStart', reverse?.columnStart);
  words('#synapse', reverse?.synapse);
  words('#row', reverse?.row);
  words('#rowShift', rowShift);
  words('#rowNumber', rowNumber);
  for (const { name, storage } of lowered.variables) fields.push({ name: field(projection, name), type: storage, length: table.nSynapses });
  for (const { name, on, variable } of lowered.traces) {
    fields.push({ name: field(projection, name), type: variable.storage, length: on === 'pre' ? table.nRows : table.nPost });
  }
  for (const { name, per, storage } of lowered.modulators)
    fields.push({ name: field(projection, name), type: storage, length: per === 'post' ? table.nPost : 1 });
  const named = (name: string): string => field(projection, name);
  return [...fields, ...epochFields(projection, named), ...replayFields(projection, named)];
}

const SUM = 'sum@target';

/** `sum += weight`, the sum kept per target. */
function weightSum(weight: Expr): Program {
  const { span } = weight;
  const sum: Expr = { kind: 'read', name: SUM, scope: 'post', type: 'f64', span };
  const wide: Expr = weight.type === 'f32' ? { kind: 'apply', op: 'f64', args: [weight], type: 'f64', span } : weight;
  const value: Expr = { kind: 'apply', op: 'add', args: [sum, wide], type: 'f64', span };
  return { title: 'sum of weights', text: '', statements: [{ name: SUM, scope: 'post', value, span }], draws: 0 };
}

/** The same where the synapses are bits: all have one weight. */
function sumOfCounted({ name, table, lowered }: PlannedProjection, sums: Float64Array): Kernel {
  const weight = evaluateExpr(
    lowered.weight,
    () => Number.NaN,
    () => Number.NaN,
  );
  return {
    name: identifier(`${name}_sumWeights`),
    source: `// ${name}: synapses per target times ${weight}`,
    run: () => {
      for (let k = 0; k < table.nSynapses; k++) sums[table.target[k]] += weight;
      return 0;
    },
  };
}

/** Two loops as one: what is counted over rows is then added to the port of all targets. */
function countAndAdd(count: Kernel, add: Kernel, nPost: number): Kernel {
  return {
    name: count.name,
    get source() {
      return `${count.source}\n${add.source}`;
    },
    run: (rows, n, tick) => {
      const reached = count.run(rows, n, tick);
      add.run(0, n === 0 ? 0 : nPost, tick);
      return reached;
    },
  };
}

export function attachProjection(
  projection: PlannedProjection,
  plan: Plan,
  populations: readonly ShardPopulation[],
  clock: Float64Array,
  memory: ShardMemory,
): ShardProjection {
  const { lowered, table, reverse } = projection;
  const of = (name: string): NumericArray => memory.view(field(projection, name));
  const filled = (name: string, values: number | ArrayLike<number>): NumericArray => memory.fill(field(projection, name), values);
  const post = populations[projection.post];
  const counters = of('#counters') as Float64Array;
  const variables = lowered.variables.map(({ name, initial }): [string, NumericArray] => [name, filled(name, initial)]);
  const traces = lowered.traces.map(({ name, variable }): [string, NumericArray] => [name, filled(name, variable.initial)]);
  const modulators = lowered.modulators.map(({ name }): [string, NumericArray] => [name, of(name)]);
  const workedOut = isReadByAdvance(plan, projection);
  if (!workedOut && !post.ports.has(projection.port))
    throw new InternalError(`population ${post.plan.name} has no port ${projection.port}`);

  const bindings = new Map<string, Binding>([
    ['tick', { kind: 'cell', array: clock, cell: 0 }],
    ...[...post.variables].map(([name, array]): [string, Binding] => [`${name}_post`, { kind: 'array', array }]),
    ...[...variables, ...traces].map(([name, array]): [string, Binding] => [name, { kind: 'array', array }]),
    ...lowered.modulators.map(({ name, per }): [string, Binding] => [
      name,
      per === 'post' ? { kind: 'array', array: of(name) } : { kind: 'cell', array: of(name), cell: 0 },
    ]),
    ...lowered.counters.map(({ name }, cell): [string, Binding] => [name, { kind: 'cell', array: counters, cell }]),
    ...[...post.ports].map(([name, array]): [string, Binding] => [name, { kind: 'array', array }]),
  ]);
  const payloads =
    projection.isGraded === true ? { waiting: of('#waiting') as Float64Array, arrived: of('#payload') as Float64Array } : undefined;
  lowered.epoch?.draws?.forEach(({ name }, cell) => {
    bindings.set(name, { kind: 'cell', array: of('#draws') as Float64Array, cell });
  });
  if (payloads !== undefined) bindings.set('payload', { kind: 'array', array: payloads.arrived });
  const compile = (
    part: string,
    program: Program,
    loop: Loop,
    items: { itemBase: number; items?: Int32Array; rowShift?: Int32Array },
  ): Kernel =>
    memory.compile({
      name: identifier(`${projection.name}_${part}`),
      program,
      loop,
      bindings,
      random: { seed: plan.network.seed, stream: streamOf(`${projection.name}/${part}`), ...items },
    });
  const kept = (name: string, values?: Int32Array): Int32Array | undefined =>
    values === undefined ? undefined : (filled(name, values) as Int32Array);
  const rowShift = kept('#rowShift', projection.rowShift);
  const rowNumber = kept('#rowNumber', projection.rowNumber);
  const kernel = (part: string, program: Program, loop: Loop): Kernel => compile(part, program, loop, { itemBase: 0, rowShift });
  const traceKernel = (part: string, on: 'pre' | 'post', program: Program, loop: Loop): Kernel =>
    compile(part, program, loop, on === 'post' ? { itemBase: post.plan.first ?? 0 } : { itemBase: 0, items: rowNumber });
  const { counted } = projection;
  // a counted projection keeps its synapses as bits, and nothing but the delivery goes over them
  const rows: Extract<Loop, { kind: 'rows' }> | undefined =
    counted === undefined
      ? {
          kind: 'rows',
          rowStart: filled('#rowStart', table.rowStart),
          target: filled('#target', table.target),
          consecutive: hasConsecutiveRows(table),
        }
      : undefined;
  const columns =
    reverse === undefined
      ? undefined
      : ({
          kind: 'columns',
          columnStart: filled('#columnStart', reverse.columnStart),
          synapse: filled('#synapse', reverse.synapse),
          row: filled('#row', reverse.row),
        } as const);
  const overTargets = lowered.modulators.some((modulator) => modulator.per === 'post');
  const sums = of('#sums') as Float64Array;
  bindings.set(SUM, { kind: 'array', array: sums });
  const replay = rows && attachReplay(projection, bindings, rows, of, memory, kernel);
  const arrive =
    rows !== undefined && replay === undefined && lowered.moments.onPre !== undefined && lowered.deliver.draws === 0
      ? kernel('onPre', arrivalProgram(lowered, undefined), rows)
      : undefined;
  // what runs inside another pass has no loop of its own
  const inAPass = (moment: string): boolean =>
    (moment === 'onPost' ? replay : moment === 'onPre' ? (replay ?? arrive) : undefined) !== undefined;
  const moments = Object.entries(lowered.moments).filter(([moment]) => !inAPass(moment));
  const loopOf = (moment: Moment | 'deliver'): Loop => {
    const loop = moment === 'onPost' || (moment === 'onModulator' && overTargets) ? columns : rows;
    if (loop === undefined) throw new InternalError(`projection ${projection.name} has no table to run ${moment} over`);
    return loop;
  };
  const allRows = filled(
    '#rows',
    Int32Array.from({ length: table.nRows }, (_, row) => row),
  ) as Int32Array;
  const shardTraces = lowered.traces.map(({ name, on, decay, impulse, isGraded = false, decaysPerEpoch = false }) => ({
    on,
    isGraded,
    decaysPerEpoch,
    values: of(name),
    ...(decay.statements.length === 0 ? {} : { decay: traceKernel(`${name}_decay`, on, decay, { kind: 'each' }) }),
    impulse: traceKernel(`${name}_impulse`, on, impulse, { kind: 'list' }),
  }));
  const epoch =
    rows === undefined
      ? undefined
      : attachEpoch(projection, shardTraces, bindings, { rows, columns }, of, kernel, (program) =>
          traceKernel('arrival', 'pre', program, { kind: 'list' }),
        );
  const arrivals = (): Uint16Array => memory.view(arrivalsName(projection)) as Uint16Array;
  const deliver = (): Kernel => {
    if (counted === undefined) return kernel('deliver', lowered.deliver, loopOf('deliver'));
    const count = memory.compileCounter(countSpec(plan, projection, identifier(`${projection.name}_count`), memory));
    if (workedOut) return count;
    bindings.set(arrivalsName(projection), { kind: 'array', array: arrivals() });
    const add = kernel('add', addingProgram(projection, post.ports.get(projection.port) instanceof Float32Array), { kind: 'each' });
    return countAndAdd(count, add, table.nPost);
  };
  return {
    plan: projection,
    pre: populations[projection.pre],
    post,
    ring: createDelayRing(table, of('#ring') as Int32Array),
    ...(payloads === undefined ? {} : { payloads }),
    isPlastic: Object.keys(lowered.moments).length + lowered.traces.length > 0 || epoch !== undefined,
    deliver: deliver(),
    ...(projection.readAhead === undefined || rows === undefined
      ? {}
      : {
          readAhead: memory.compileReadAhead({
            name: identifier(`${projection.name}_readAhead`),
            rowStart: rows.rowStart,
            streams: [rows.target, ...projection.readAhead.map(of)],
          }),
        }),
    ...(workedOut ? { arrivals: { counts: arrivals(), areZero: false } } : {}),
    moments: Object.fromEntries(moments.map(([moment, program]) => [moment, kernel(moment, program, loopOf(moment as Moment))])),
    ...(replay === undefined ? {} : { replay }),
    ...(arrive === undefined ? {} : { arrive }),
    traces: shardTraces,
    ...(epoch === undefined ? {} : { epoch }),
    ...(lowered.tiles === undefined || rows === undefined ? {} : { renew: kernel('renew', lowered.tiles.renew, rows) }),
    variables: new Map(variables),
    counters,
    carried: of('#carried') as Float64Array,
    notFiniteCell: lowered.counters.findIndex((counter) => counter.kind === 'notFinite'),
    modulators: new Map(modulators),
    sums,
    sumWeights:
      rows === undefined
        ? sumOfCounted(projection, sums)
        : compileLater(identifier(`${projection.name}_sumWeights`), () => kernel('sumWeights', weightSum(lowered.weight), rows)),
    ...(rows !== undefined && overTargets && lowered.moments.onModulator !== undefined
      ? { modulateRows: kernel('onModulator', lowered.moments.onModulator, rows) }
      : {}),
    allRows,
    someTargets: of('#targets') as Int32Array,
    bindings,
  };
}
