/**
 * What a plan will run and what memory it needs, as text, before anything is allocated: sizes, bytes per synapse, the programs of every stage
 * in the order of the tick.
 */
import type { ChipBackend, LoweredTrace } from '../core/chip-contract.ts';
import { planBytes } from '../core/kernel/shard.ts';
import { projectionBytes } from '../core/kernel/shard-projection.ts';
import type { Network } from '../core/network/network.ts';
import { estimateMemory } from '../core/plan/build-plan.ts';
import { bytesEach, machineMemory } from '../core/plan/memory-need.ts';
import type { Plan, PlannedPopulation, PlannedProjection } from '../core/plan/plan.ts';
import type { Program } from '../core/program/ir.ts';
import { printExpr, printProgram } from '../core/program/print.ts';

/** What a network will take on a chip, as text, from its sizes alone: per projection and whole, before anything is drawn or allocated. */
export function explainMemory(network: Network, chip: ChipBackend): string {
  const { projections, bytes } = estimateMemory(network, chip);
  return [
    `${chip.profile.title}: at most ${inBytes(bytes)} of ${inBytes(machineMemory())}, without Node's own 70 MB`,
    ...projections.map((need) => {
      const { name, synapses, exact, running, kept, drawing } = need;
      const each = synapses === 0 ? '' : `, ${bytesEach(need).toFixed(1)} bytes each`;
      return `projection ${name}: ${exact ? '' : 'about '}${synapses} synapses, ${inBytes(running)} running${each}, ${inBytes(kept)} in the plan, ${inBytes(drawing)} while it is drawn`;
    }),
  ].join('\n');
}

export function explainPlan(plan: Plan): string {
  const { network, chip, placement } = plan;
  const neurons = plan.populations.reduce((sum, { size }) => sum + size, 0);
  const synapses = plan.projections.reduce((sum, { table }) => sum + table.nSynapses, 0);
  return [
    `${chip.title}: ${neurons} neurons, ${synapses} synapses, tick ${network.dt * 1000} ms, ${inBytes(planBytes(plan))}; ${placement.summary}`,
    ...plan.populations.flatMap(explainPopulation),
    ...plan.projections.flatMap(explainProjection),
  ].join('\n');
}

function explainPopulation({ name, size, lowered, source }: PlannedPopulation): string[] {
  const head = `population ${name}: ${size} ${source === undefined ? 'neurons' : `${source.kind} sources`}`;
  if (lowered === undefined) return [head];
  return [
    head,
    ...listing('advance', lowered.advance),
    ...(lowered.threshold === undefined ? [] : [`  fires when ${printExpr(lowered.threshold)}`]),
    ...(lowered.payload === undefined ? [] : [`  a spike carries ${printExpr(lowered.payload)}`]),
    ...listing('reset', lowered.reset),
    ...(lowered.competition === undefined
      ? []
      : [`  competes by ${printExpr(lowered.competition.score)}`, ...listing('lose', lowered.competition.lose)]),
  ];
}

function explainProjection(projection: PlannedProjection): string[] {
  const { name, table, lowered } = projection;
  const bytes = projectionBytes(projection);
  const each = table.nSynapses === 0 ? '' : `, ${(bytes / table.nSynapses).toFixed(1)} bytes each`;
  const delays = table.minDelay === table.maxDelay ? `${table.minDelay}` : `${table.minDelay} … ${table.maxDelay}`;
  return [
    `projection ${name}: ${table.nSynapses} synapses in ${table.nRows} rows, delay ${delays} ticks, ${inBytes(bytes)}${each}`,
    ...listing('deliver', lowered.deliver),
    ...Object.entries(lowered.moments).flatMap(([moment, program]) => listing(moment, program)),
    ...(lowered.epoch === undefined
      ? []
      : [
          ...(lowered.epoch.onArrival === undefined ? [] : listing('as graded spikes arrive', lowered.epoch.onArrival)),
          ...listing(`every ${lowered.epoch.ticks} ticks, ${lowered.epoch.visits} synapses`, lowered.epoch.program),
        ]),
    ...lowered.traces.flatMap(explainTrace),
  ];
}

function explainTrace({ name, on, decay, impulse }: LoweredTrace): string[] {
  return [...listing(`trace ${name} (${on}) each tick`, decay), ...listing(`trace ${name} (${on}) at a spike`, impulse)];
}

function listing(what: string, program: Program): string[] {
  if (program.statements.length === 0) return [];
  return [
    `  ${what}`,
    ...printProgram(program)
      .split('\n')
      .map((line) => `    ${line}`),
  ];
}

function inBytes(bytes: number): string {
  if (bytes < 2 ** 20) return `${(bytes / 2 ** 10).toFixed(1)} KiB`;
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
