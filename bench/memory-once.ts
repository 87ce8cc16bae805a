/**
 * `memory-once builds <n>`: builds, runs and drops n networks. `memory-once sweep <n>`: plans a sweep of n runs in a temporary folder and does it. Prints
 * one JSON line: the resident memory as the work went on.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleLibrary } from '../core/plasticity/library/rules.ts';
import { runSweep } from '../experiments/sweep/run-sweep.ts';
import { openSweepFolder, writePlan } from '../experiments/sweep/sweep-folder.ts';
import { planSweep } from '../experiments/sweep/sweep-plan.ts';
import { buildPlan, ideal, network, Simulation } from '../index.ts';
import { stdpWindow } from '../scenarios/stdp-window.ts';
import type { MemoryTrail } from './sweep-memory.ts';

const SAMPLES = 400;
const SEEDS = 1000;

type Samples = MemoryTrail['samples'][number][];

function builds(count: number, samples: Samples): void {
  for (let seed = 1; seed <= count; seed++) {
    const net = network({ dt: '1 ms', seed });
    const input = net.input('input', 64, { rates: '40 Hz' });
    const output = net.neurons('output', 10, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
    net.connect(input, output, { weight: { uniform: [0, 0.3] }, delay: '1 ms', rule: 'pair-stdp' });
    new Simulation(buildPlan(net.freeze(), ideal())).run(20);
    if (seed % Math.ceil(count / SAMPLES) === 0) samples.push({ done: seed, bytes: process.memoryUsage.rss() });
  }
}

/** Two spike pairs, with first weights between bounds of their own for each thousand seeds. */
function twoPairs(part: number) {
  const { network: given, ...experiment } = stdpWindow.build({ pixels: 1, realImages: false });
  const [pre, teacher, post] = given.populations as readonly object[];
  const [plastic, driving] = given.projections as readonly object[];
  return {
    ...experiment,
    task: { ...experiment.task, deltaTicks: [-5, 5], repeats: 1 } as typeof experiment.task,
    network: {
      ...given,
      populations: [
        { ...pre, size: 2, times: ['15 ms', '10 ms'], neurons: [0, 1] },
        { ...teacher, size: 2, times: ['10 ms', '15 ms'], neurons: [0, 1] },
        { ...post, size: 2 },
      ],
      projections: [{ ...plastic, weight: { uniform: [0.1, 0.5 + 0.01 * part] } }, driving],
    },
  };
}

async function sweep(count: number, samples: Samples): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'hillock-memory-'));
  const parts = Math.ceil(count / SEEDS);
  try {
    const plan = await planSweep({
      command: 'sweep-memory',
      axes: [],
      seed: 1,
      seeds: Math.ceil(count / parts),
      devices: 1,
      experiments: Array.from({ length: parts }, (_, part) => ({ experiment: twoPairs(part), rule: ruleLibrary['pair-stdp'] })),
      settings: Array.from({ length: parts }, (_, experiment) => ({ experiment, chip: 'ideal', values: { part: String(experiment) } })),
    });
    writePlan(path, plan);
    await runSweep({
      folder: await openSweepFolder(path, true),
      threads: 2,
      command: 'sweep-memory',
      onProgress: ({ runsDone }) => void samples.push({ done: runsDone, bytes: process.memoryUsage.rss() }),
    });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

const [kind, text] = process.argv.slice(2);
const samples: Samples = [];
const startedAt = performance.now();
if (kind === 'builds') builds(Number(text), samples);
else await sweep(Number(text), samples);
const trail: MemoryTrail = { count: Number(text), seconds: (performance.now() - startedAt) / 1000, samples };
process.stdout.write(`${JSON.stringify(trail)}\n`);
