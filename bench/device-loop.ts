/**
 * What a device costs in the loop: the same plastic synapses, rule and spikes on the ideal chip and on crossbars, one thread. Pair STDP, a tenth of
 * both sides spikes in a tick. Two sizes: 150 x 150, which is a network of a tile or two whose arrays stay in the cache, and 1000 x 1000, where memory
 * decides: a pair with its own bounds and rates is thirteen numbers, an ideal weight is one. An update that sends no pulse touches two of them, which is
 * what the text of a write says and `guardIdle` makes of it. Time is processor time of the whole loop, delivery, traces and neurons included, by turns; a
 * plastic update is one evaluation of the rule at a synapse. The crossbar of the comparison is soft bounds with device-to-device, cycle-to-cycle and read noise, in
 * pairs of cells, its changes kept until they make a whole pulse.
 *
 * Run it alone: `npm run bench -- device-loop [--n 5]`.
 */
import type { CrossbarOptions } from '../chips/memristor-crossbar/options.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import { ideal, memristorCrossbar, network, rule } from '../index.ts';
import { Simulation } from '../workers/simulation.ts';
import { spreadOf } from './statistics.ts';
import { markdownTable, spreadText } from './table.ts';

const SIDES = [150, 1000] as const;
const ACTIVITY = 0.1;
const SECONDS_PER_ROUND = 0.5;
/** The stated limit: soft bounds with noise, times ideal. */
export const LIMIT = 6;
const COMPARED = 'soft bounds with noise';

/** One change of this rule is about a tenth of a pulse of the soft-bounds preset. */
const stdp = () =>
  rule({
    name: 'pair STDP',
    traces: { x1: { on: 'pre', tau: '20 ms' }, y1: { on: 'post', tau: '20 ms' } },
    onPre: 'w -= 1e-4 * y1',
    onPost: 'w += 1e-4 * x1',
    bounds: [-1, 1],
  });

const CHIPS: readonly { readonly name: string; readonly options?: CrossbarOptions }[] = [
  { name: 'ideal chip' },
  { name: 'ideal device', options: { device: 'ideal-device' } },
  { name: COMPARED, options: { device: 'soft-bounds' } },
  { name: 'soft bounds with noise, one cell and a reference', options: { device: 'soft-bounds', mapping: 'reference' } },
  { name: 'soft bounds with noise, every change written', options: { device: 'soft-bounds', levels: false } },
  { name: 'EpiRAM', options: { device: 'epiram' } },
  { name: 'phase change with drift', options: { device: 'pcm' } },
];

/** @param side neurons on each side */
export function devicePlan(options: CrossbarOptions | undefined, side: number = SIDES[0]) {
  const net = network({ dt: '1 ms', seed: 1 });
  const rate = `${ACTIVITY * 1000} Hz` as const;
  const pre = net.input('pre', side, { rates: rate });
  const teacher = net.input('teacher', side, { rates: rate });
  const post = net.neurons('post', side, { model: 'lif', tauMem: '0.1 ms', vThreshold: 1000 });
  net.connect(pre, post, { name: 'plastic', weight: { uniform: [-0.5, 0.5] }, rule: stdp() });
  net.connect(teacher, post, { name: 'teaching', connect: 'one-to-one', weight: 2000 });
  return buildPlan(net.freeze(), options === undefined ? ideal() : memristorCrossbar(options));
}

export function measureDeviceLoop(turns: number, say: (line: string) => void): string {
  const verdicts: string[] = [];
  const tables = SIDES.map((side) => {
    const runs = CHIPS.map(({ name, options }) => ({
      name,
      simulation: new Simulation(devicePlan(options, side)),
      nanoseconds: [] as number[],
    }));
    for (const { simulation } of runs) simulation.run(side < 500 ? 500 : 20);
    for (let turn = 0; turn < turns; turn++) {
      for (const { name, simulation, nanoseconds } of runs) {
        const each = nanosecondsPerUpdate(simulation);
        nanoseconds.push(each);
        say(`${side} x ${side}, turn ${turn + 1}  ${name}: ${each.toFixed(2)} ns per update`);
      }
    }
    const [reference] = runs;
    const rows = runs.map(({ name, nanoseconds }) => [
      name,
      spreadText(spreadOf(nanoseconds)),
      spreadText(spreadOf(nanoseconds.map((value, turn) => value / reference.nanoseconds[turn]))),
    ]);
    const pair = runs.find(({ name }) => name === COMPARED);
    const times = spreadOf((pair ?? reference).nanoseconds.map((value, turn) => value / reference.nanoseconds[turn])).median;
    verdicts.push(`${times.toFixed(1)} × at ${side} x ${side} is ${times <= LIMIT ? 'within' : 'beyond'} it`);
    return markdownTable([`${side} x ${side} synapses`, 'ns per update', 'times ideal'], rows);
  });
  const note =
    `Processor time of the whole loop per evaluation of the rule, one thread; ratios are of the same turn. An update is an evaluation whose change is kept\n` +
    `until it makes a whole pulse, except where every change is written at once. The limit is ${LIMIT} × for soft bounds with noise in pairs: ${verdicts.join(', ')}.`;
  return `${tables.join('\n\n')}\n\n${note}`;
}

function nanosecondsPerUpdate(simulation: Simulation): number {
  const before = simulation.learningCounts().updateAttempts;
  const start = process.cpuUsage();
  let seconds = 0;
  while (seconds < SECONDS_PER_ROUND) {
    simulation.run(5);
    const { user, system } = process.cpuUsage(start);
    seconds = (user + system) / 1e6;
  }
  return (1e9 * seconds) / (simulation.learningCounts().updateAttempts - before);
}
