/**
 * One start, in a process of its own, so that nothing is warm. Prints one JSON line.
 *
 * `first-spike <index.js>`: loads the built package as a person's script does, and runs 1,000 neurons until one fires. `build <kind> <degree>`:
 * draws and plans the synapses of 10,000 neurons with so many inputs each, on one thread.
 */
import { resourceUsage } from 'node:process';
import { pathToFileURL } from 'node:url';
import type * as Hillock from '../index.ts';
import { buildPlan, ideal, network } from '../index.ts';
import type { BuildKind, FirstSpike, TimedBuild } from './startup.ts';

const LIF = { model: 'lif', tauMem: '20 ms', vThreshold: 20, vReset: 10, refractory: '2 ms' } as const;

async function firstSpike(path: string): Promise<FirstSpike> {
  const hillock: typeof Hillock = await import(pathToFileURL(path).href);
  const loadedAt = performance.now();
  const net = hillock.network({ dt: '0.1 ms', seed: 1, precision: 'f32' });
  const cells = net.neurons('cells', 1000, { ...LIF, vRest: 0, driveRate: '20 kHz', driveWeight: 0.1, vInitial: 15 });
  net.connect(cells, cells, { connect: { kind: 'fixed-in-degree', degree: 100 }, weight: 0.1, delay: '1.5 ms' });
  const plan = hillock.buildPlan(net.freeze(), hillock.ideal());
  const plannedAt = performance.now();
  const simulation = new hillock.Simulation(plan);
  const attachedAt = performance.now();
  let ticks = 0;
  do {
    simulation.run(1);
    ticks++;
  } while (simulation.spikeCounts('cells').every((count) => count === 0) && ticks < 10_000);
  const spikedAt = performance.now();
  return {
    at: performance.timeOrigin + spikedAt,
    load: loadedAt,
    plan: plannedAt - loadedAt,
    attach: attachedAt - plannedAt,
    ticks: spikedAt - attachedAt,
  };
}

function build(kind: BuildKind, degree: number): TimedBuild {
  const net = network({ dt: '0.1 ms', seed: 1, precision: 'f32' });
  const cells = net.neurons('cells', 10_000, { ...LIF, vRest: 0 });
  net.connect(cells, cells, {
    name: 'recurrent',
    connect:
      kind === 'fixed-probability'
        ? { kind, probability: degree / 10_000, selfConnections: true }
        : { kind: kind === 'fixed-out-degree' ? kind : 'fixed-in-degree', degree, multapses: true, selfConnections: true },
    delay: '1.5 ms',
    weight: kind === 'own weights' ? { uniform: [0, 0.2] } : 0.1,
    ...(kind === 'pair STDP' ? { rule: 'pair-stdp' } : {}),
  });
  const frozen = net.freeze();
  const startedAt = performance.now();
  const plan = buildPlan(frozen, ideal());
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, synapses: plan.projections[0].table.nSynapses, peakBytes: resourceUsage().maxRSS * 1024 };
}

const [what, argument, degree] = process.argv.slice(2);
const result = what === 'first-spike' ? await firstSpike(argument) : build(argument as BuildKind, Number(degree));
process.stdout.write(`${JSON.stringify(result)}\n`);
