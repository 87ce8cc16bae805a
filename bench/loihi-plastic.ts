/**
 * Integer plasticity as Loihi does it: 1000 x 1000 plastic synapses, pair STDP as a sum of products, a learning epoch of one tick, stochastic
 * rounding per synapse, one thread. Lava's CPU model updates every synapse in every step, 84 ms a step for this size whatever the activity
 * (12 M synapse-steps/s, measured on two shared cores); ours visits only synapses of neurons that spiked, so the activity is stated with each
 * figure. Time is processor time of the process (one thread, compiler and collector included), so that a busy machine does not enter into it.
 * A synapse-step is one synapse kept up to date for one step. Delivery of spikes, traces and neurons are part of the time.
 *
 * Run it alone: `npm run bench -- loihi-plastic [--n 5]`.
 */
import { loihiLike } from '../chips/loihi-like/loihi-like.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import { network, rule } from '../index.ts';
import { Simulation } from '../workers/simulation.ts';
import { spreadOf } from './statistics.ts';
import { markdownTable, spreadText } from './table.ts';

const SIDE = 1000;
/** Share of the inputs, and of the outputs, that spike in a step. */
const ACTIVITIES = [1, 0.1, 0.01];
const SECONDS_PER_ROUND = 1;
/** ../shared/spec: Lava at 1000 x 1000 takes 84 ms per step. */
const LAVA = SIDE ** 2 / 0.084;

/** @param activity share of the neurons of both sides that spike in a step @param side neurons on each side */
export function plasticPlan(activity: number, side = SIDE) {
  const net = network({ dt: '1 ms', seed: 1 });
  const rate = `${activity * 1000} Hz` as const;
  const pre = net.input('pre', side, { rates: rate });
  const teacher = net.input('teacher', side, { rates: rate });
  // the plastic weights alone never reach the threshold, so the teacher sets the activity of the outputs
  const post = net.neurons('post', side, { model: 'lif', tauMem: '0.1 ms', vThreshold: 100 });
  net.connect(pre, post, {
    name: 'plastic',
    weight: { uniform: [0, 0.05] },
    rule: rule({
      name: 'pair STDP in products',
      traces: { x1: { on: 'pre', tau: '20 ms', impulse: 16 }, y1: { on: 'post', tau: '20 ms', impulse: 16 } },
      dw: '2^-5*y0*x1 - 2^-5*x0*y1',
    }),
  });
  net.connect(teacher, post, { name: 'teaching', connect: 'one-to-one', weight: 200 });
  return buildPlan(net.freeze(), loihiLike());
}

/** Synapse-steps per second of one round, in millions, and updates that the round made per step. */
function measure(simulation: Simulation): { rate: number; evaluations: number } {
  const before = simulation.eventCounts().synapticUpdate ?? 0;
  const start = process.cpuUsage();
  let steps = 0;
  let seconds = 0;
  while (seconds < SECONDS_PER_ROUND) {
    simulation.run(10);
    steps += 10;
    const { user, system } = process.cpuUsage(start);
    seconds = (user + system) / 1e6;
  }
  return { rate: (SIDE ** 2 * steps) / seconds / 1e6, evaluations: ((simulation.eventCounts().synapticUpdate ?? 0) - before) / steps };
}

export function measureLoihiPlastic(turns: number, say: (line: string) => void): string {
  const simulations = ACTIVITIES.map((activity) => ({
    activity,
    simulation: new Simulation(plasticPlan(activity)),
    rates: [] as number[],
    evaluations: 0,
  }));
  for (const { simulation } of simulations) simulation.run(50);
  for (let turn = 0; turn < turns; turn++) {
    for (const one of simulations) {
      const { rate, evaluations } = measure(one.simulation);
      one.rates.push(rate);
      one.evaluations = evaluations;
      say(`turn ${turn + 1}  activity ${100 * one.activity} %: ${rate.toFixed(0)} M synapse-steps/s`);
    }
  }
  const header = [
    'inputs and outputs that spike in a step',
    'rule evaluations per step',
    'M synapse-steps/s',
    'M evaluations/s',
    'times Lava',
  ];
  const rows = simulations.map(({ activity, rates, evaluations }) => {
    const { median } = spreadOf(rates);
    return [
      `${100 * activity} %`,
      evaluations.toFixed(0),
      spreadText(spreadOf(rates)),
      ((median * evaluations) / SIDE ** 2).toFixed(0),
      ((median * 1e6) / LAVA).toFixed(1),
    ];
  });
  const note =
    'Processor time of one thread. A rule evaluation is one synapse visited because a neuron of its own spiked; all others keep their weight by doing\n' +
    'nothing. Lava evaluates every synapse in every step, so its 84 ms per step (12 M synapse-steps/s, wall time, measured on two shared cores and not\n' +
    'again here) hold for every row: the first row compares equal work, the others the same network at the activity that networks have.';
  return `${markdownTable(header, rows)}\n\n${note}`;
}
