/**
 * How fast a rule learns images: DFA on 784-400-10, ideal chip, one thread, by turns with the same network in the dense form of tensor frameworks
 * (`dense-dfa.py`, numpy on one thread). Training images of MNIST where they are, else generated pixels of the same density; speed does not depend on which.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ideal } from '../chips/ideal/ideal.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import { ruleLibrary } from '../core/plasticity/library/rules.ts';
import { uniformAt } from '../core/random.ts';
import type { PhasedClassification } from '../experiments/experiment.ts';
import { networkOf } from '../experiments/plan-runs.ts';
import { runOne } from '../experiments/run-worker.ts';
import type { LabelledImages } from '../formats/labelled-images.ts';
import { firstImages } from '../formats/labelled-images.ts';
import { readMnistFolder } from '../formats/mnist-folder.ts';
import { mnist } from '../scenarios/mnist.ts';
import { ratioOf, spreadOf } from './statistics.ts';
import { markdownTable, spreadText } from './table.ts';

const PIXELS = 784;
const EPOCH = 60_000;
/** Python with numpy, as the system's packages bring it. */
const PYTHON = '/usr/bin/python3';
const BATCHES = [1, 64];

export function measureMnistEpoch(turns: number, say: (line: string) => void, images = 2000): { readonly table: string } {
  const ours: number[] = [];
  const events: number[] = [];
  const dense = new Map(BATCHES.map((batch) => [batch, [] as number[]]));
  for (let turn = 0; turn < turns; turn++) {
    const run = learn(images, turn + 1);
    ours.push(run.imagesPerSecond);
    events.push(run.eventsPerSecond);
    for (const [batch, rates] of dense) {
      const rate = denseRate(images, batch);
      if (rate !== undefined) rates.push(rate);
    }
    say(
      `turn ${turn + 1}: ${ours[turn].toFixed(0)} images/s; dense ${[...dense].map(([b, r]) => `${r.at(-1)?.toFixed(0)} (${b})`).join(', ')}`,
    );
  }
  const minutes = spreadOf(ours.map((rate) => EPOCH / rate / 60));
  const rows = [
    [
      'DFA, one image at a time',
      spreadText(spreadOf(ours)),
      spreadText(spreadOf(events.map((rate) => rate / 1e6))),
      spreadText(minutes),
      '',
    ],
    ...[...dense]
      .filter(([, rates]) => rates.length === turns)
      .map(([batch, rates]) => [
        `numpy, dense, ${batch === 1 ? 'one image at a time' : `batches of ${batch}`}`,
        spreadText(spreadOf(rates)),
        '',
        spreadText(spreadOf(rates.map((rate) => EPOCH / rate / 60))),
        spreadText(ratioOf(ours, rates)),
      ]),
  ];
  const missing = [...dense.values()].some((rates) => rates.length < turns) ? `\nskipped: dense form (needs ${PYTHON} with numpy)\n` : '';
  return { table: markdownTable(['', 'images/s', 'M synaptic events/s', 'minutes per epoch', 'ours / dense'], rows) + missing };
}

function learn(images: number, seed: number): { imagesPerSecond: number; eventsPerSecond: number } {
  const experiment = mnist.build({ pixels: PIXELS, realImages: true, train: images, test: 1, epochs: 1 });
  const task = experiment.task as PhasedClassification;
  const plan = buildPlan(networkOf(experiment, ruleLibrary.dfa, seed), ideal());
  const train = trainingImages(images);
  const startedAt = performance.now();
  const outcome = runOne({ plan, task, data: { train, test: { ...train, count: 0 } }, progress: new Int32Array(2) });
  const seconds = (performance.now() - startedAt) / 1000;
  return { imagesPerSecond: images / seconds, eventsPerSecond: (outcome.events.synapticEvent ?? 0) / seconds };
}

function trainingImages(count: number): LabelledImages {
  const folder = [process.env.HILLOCK_MNIST, '../shared/data/mnist'].find((place) => place !== undefined && existsSync(place));
  if (folder !== undefined) return firstImages(readMnistFolder(folder).train, count);
  const pixels = new Uint8Array(count * PIXELS);
  for (let p = 0; p < pixels.length; p++) pixels[p] = uniformAt(1, 0, p, 0, 0) < 0.19 ? 255 * uniformAt(1, 0, p, 0, 1) : 0;
  return {
    name: 'generated',
    count,
    rows: 28,
    columns: 28,
    classes: 10,
    pixels,
    labels: Uint8Array.from({ length: count }, (_, n) => n % 10),
  };
}

/** Images per second of the dense form; undefined without Python and numpy. */
function denseRate(images: number, batch: number): number | undefined {
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const script = join('bench', 'dense-dfa.py');
  const count = batch === 1 ? Math.min(images, 200) : images;
  const { status, stdout } = spawnSync(PYTHON, [script, String(count), String(batch)], {
    encoding: 'utf8',
    env: { ...process.env, ...one },
  });
  return status === 0 ? Number(stdout) : undefined;
}
