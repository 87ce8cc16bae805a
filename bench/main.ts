/**
 * `npm run bench -- <workload> [--against brian2,neuron] [--threads 1,2] [--n 5] [--seconds s] [--no-record] [--json] [--write]`
 * measures a workload, ourselves and peers by turns. Progress goes to stderr; stdout carries the table or, with --json, one document. Exit 1
 * when rates or intervals are outside the definition of the workload.
 *
 * `npm run bench -- scale` measures the curves of cost against size, rate and plastic share and fits the model of docs/scale.md; `size`, `rate` or
 * `plastic` measures one of them beside the recorded model. `npm run bench -- c-limit` our loops beside C, `npm run bench --
 * loihi-plastic` integer plasticity, `device-loop` plasticity through devices, `device-table` NeuroSim's benchmark on our cells,
 * `accuracy [--rule a,b] [--chip a,b] [--data folder]` what the image rules reach and cost (n seeds, into accuracy.md), `mnist-epoch` the learning of images beside a dense form,
 * `live` what watching a run costs, `npm run bench -- startup` the wait before anything happens, `sweep-memory` whether memory stays flat over --n
 * networks and runs; all take --n and --write. `npm run bench -- kernels
 * [part of a name]` every loop in JavaScript and in WebAssembly. `npm run bench -- guard` compares with
 * recorded ratios and ends with 1 when something has become slower.
 */
import { parseArgs } from 'node:util';
import { IMAGE_RULES, measureAccuracy } from './accuracy.ts';
import { measureLimit } from './c-limit.ts';
import { compare } from './compare.ts';
import { fitModel } from './cost-model.ts';
import { CURVES } from './curves.ts';
import { measureDeviceLoop } from './device-loop.ts';
import { measureDeviceTable } from './device-table.ts';
import { guard } from './guard.ts';
import { BRUNEL, measureKernels } from './kernels.ts';
import { measureLive } from './live.ts';
import { measureLoihiPlastic } from './loihi-plastic.ts';
import { measureMnistEpoch } from './mnist-epoch.ts';
import type { PeerName } from './peers.ts';
import { PEERS } from './peers.ts';
import { curvesSection, curveTable, measureCurves, readRecord, recordOf, SCALE_PAGE, scaleSection, writeRecord } from './scale.ts';
import { measureStartup } from './startup.ts';
import { measureMemory } from './sweep-memory.ts';
import { comparisonTable, machine, writeSection } from './table.ts';
import { WORKLOADS } from './workloads/table.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function refuse(sentence: string): never {
  say(sentence);
  process.exit(2);
}

const OTHERS = [
  'scale',
  'guard',
  'kernels',
  'c-limit',
  'loihi-plastic',
  'startup',
  'sweep-memory',
  'device-loop',
  'device-table',
  'mnist-epoch',
  'accuracy',
  'live',
] as const;

/** Networks and runs of `sweep-memory`, unless --n says otherwise. */
const MEMORY_COUNT = 10_000;

const USAGE =
  'npm run bench -- <workload> [--against brian2,neuron] [--threads 1,2] [--n 5] [--seconds s] [--seed k] [--no-record] [--json] [--write]';

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        against: { type: 'string', default: '' },
        threads: { type: 'string', default: '1' },
        n: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string', default: '1' },
        rule: { type: 'string' },
        chip: { type: 'string' },
        data: { type: 'string' },
        epochs: { type: 'string' },
        'no-record': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return refuse(`${(error as Error).message.split('. ')[0]}\n${USAGE}`);
  }
}

function main(): void {
  const { values, positionals } = readArguments();
  const name = positionals[0];
  const whole = (option: string, text: string, least = 1): number => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least) refuse(`--${option} ${text}: a whole number from ${least}`);
    return number;
  };
  const turns = whole('n', values.n ?? '5');
  const seed = whole('seed', values.seed, 0);
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`;
  const show = (title: string, body: string): void => {
    process.stdout.write(`${title}\n${machine()}\n\n${body}\n`);
    if (values.write) writeSection('bench/README.md', name, `### ${name}: ${title}\n\n\`${command}\` on ${machine()}\n\n${body}`);
  };
  if (Object.hasOwn(CURVES, name ?? '')) {
    // the model is fitted to all curves together; beside one of them it is the recorded one
    const points = measureCurves([name], turns, seed, say);
    process.stdout.write(
      `cost against ${name}, beside the recorded model\n${machine()}\n\n${curveTable(points, fitModel(readRecord().points))}\n`,
    );
    return;
  }
  if (name === 'scale') {
    const record = recordOf(measureCurves(Object.keys(CURVES), turns, seed, say), turns, command);
    process.stdout.write(`${curvesSection(record)}\n\n${scaleSection(record)}\n`);
    if (!values.write) return;
    writeRecord(record);
    writeSection('bench/README.md', 'scale', curvesSection(record));
    writeSection(SCALE_PAGE, 'model', scaleSection(record));
    return;
  }
  if (name === 'loihi-plastic') {
    show('Loihi-like plasticity, 1000 x 1000 synapses, one thread', measureLoihiPlastic(turns, say));
    return;
  }
  if (name === 'device-loop') {
    show('plastic updates through devices, one thread', measureDeviceLoop(turns, say));
    return;
  }
  if (name === 'device-table') {
    const found = measureDeviceTable(seed, say);
    if ('missing' in found) say(`skipped: device-table (${found.missing})`);
    else show("NeuroSim's device table: 400-100-10 on MNIST, trained on line, 25 epochs", found.table);
    return;
  }
  if (name === 'accuracy') {
    const rules = values.rule === undefined ? IMAGE_RULES : values.rule.split(',');
    const { chip, data, epochs } = values;
    const found = measureAccuracy(
      {
        rules,
        seeds: turns,
        ...(chip === undefined ? {} : { chips: chip }),
        ...(data === undefined ? {} : { data }),
        ...(epochs === undefined ? {} : { words: ['--epochs', epochs] }),
      },
      say,
    );
    if ('missing' in found) say(`skipped: accuracy (${found.missing})`);
    else {
      const what = data === undefined ? 'generated digits' : 'MNIST';
      process.stdout.write(`${found.table}\n`);
      if (values.write) {
        const section = `${data === undefined ? 'digits' : `mnist-${values.rule ?? 'all'}-${chip ?? 'all'}`}`;
        writeSection('bench/accuracy.md', section, `### ${what}\n\n\`${command}\` on ${machine()}\n\n${found.table}`);
      }
    }
    return;
  }
  if (name === 'mnist-epoch') {
    show('learning images: DFA on 784-400-10, one thread', measureMnistEpoch(turns, say).table);
    return;
  }
  if (name === 'live') {
    void measureLive(turns, say).then(({ table }) => show('what a live page costs, one run at a time', table));
    return;
  }
  if (name === 'kernels') {
    measureKernels(positionals[1] ?? '', BRUNEL, (line) => void process.stdout.write(`${line}\n`));
    return;
  }
  if (name === 'guard') {
    process.exitCode = guard(turns, values.write, command, say);
    return;
  }
  if (name === 'startup') {
    const startup = measureStartup(turns, say);
    if ('missing' in startup) say(`skipped: startup (${startup.missing})`);
    else show('what a person waits for before anything happens', startup.table);
    return;
  }
  if (name === 'sweep-memory') {
    show('memory over thousands of networks and runs', measureMemory(values.n === undefined ? MEMORY_COUNT : turns, say).table);
    return;
  }
  if (name === 'c-limit') {
    const limit = measureLimit(turns, say);
    if ('missing' in limit) say(`skipped: c-limit (${limit.missing})`);
    else show('our loops beside C', limit.table);
    return;
  }
  const workload = WORKLOADS[name];
  if (workload === undefined) {
    refuse(`no workload "${name ?? ''}"; there are ${[...Object.keys(WORKLOADS), ...Object.keys(CURVES), ...OTHERS].join(', ')}`);
  }
  if (workload.needs !== undefined) {
    say(`skipped: ${name} needs ${workload.needs}`);
    return;
  }
  const against = values.against.split(',').filter((peer) => peer !== '');
  const unknown = against.find((peer) => !PEERS.some((known) => known === peer));
  if (unknown !== undefined) refuse(`no peer "${unknown}"; there are ${PEERS.join(', ')}`);
  const seconds = values.seconds === undefined ? workload.seconds : Number(values.seconds);
  if (!(seconds > 0)) refuse(`--seconds ${values.seconds}: biological seconds, more than 0`);
  const comparison = compare(workload, {
    against: against as PeerName[],
    threads: values.threads.split(',').map((count) => whole('threads', count)),
    turns,
    seconds,
    seed,
    record: !values['no-record'],
    say,
  });
  const { faults, ...document } = comparison;
  for (const fault of faults) say(`outside the definition: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
  if (values.json) process.stdout.write(`${JSON.stringify(document)}\n`);
  else if (faults.length > 0) process.stdout.write(`${workload.summary}\n${machine()}\n\n${comparisonTable(comparison)}\n`);
  else show(workload.summary, comparisonTable(comparison));
}

main();
