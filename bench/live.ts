/**
 * What watching costs: the same run plainly, with a live page that nobody has opened, and with one that is open, by turns. Processor time of the whole
 * process, server and reader of the events included, is steadier on a shared machine than the clock; the clock is there beside it.
 */
import { get } from 'node:http';
import { ideal } from '../chips/ideal/ideal.ts';
import { openLiveView } from '../cli/live.ts';
import { scenarioTable } from '../cli/scenario-table.ts';
import { ruleLibrary } from '../core/plasticity/library/rules.ts';
import { GLYPH_SIZE } from '../experiments/data/glyphs.ts';
import { loadData } from '../experiments/data/load-data.ts';
import { readScenario } from '../experiments/read-experiment.ts';
import type { ExperimentRun } from '../experiments/run-experiment.ts';
import { runExperiment } from '../experiments/run-experiment.ts';
import { ratioOf, spreadOf } from './statistics.ts';
import { markdownTable, spreadText } from './table.ts';

const RULES = ['r-stdp', 'dfa'];
const WAYS = ['plain', 'live, nobody watches', 'live and watched'] as const;
type Way = (typeof WAYS)[number];

interface Cost {
  readonly processor: number;
  readonly clock: number;
}

/** @param train images per run; a few seconds' worth unless given */
export async function measureLive(turns: number, say: (line: string) => void, train = 12_000): Promise<{ readonly table: string }> {
  const rows: string[][] = [];
  for (const rule of RULES) {
    const run = digits(rule, train);
    const costs = new Map<Way, Cost[]>(WAYS.map((way) => [way, []]));
    for (let turn = 0; turn < turns; turn++) {
      for (const way of WAYS) costs.get(way)?.push(await costOf(run, way));
      say(`turn ${turn + 1}  ${rule}  ${WAYS.map((way) => `${costs.get(way)?.at(-1)?.processor.toFixed(2)} s`).join(', ')}`);
    }
    const column = (way: Way, of: keyof Cost): number[] => (costs.get(way) ?? []).map((cost) => cost[of]);
    for (const way of WAYS) {
      const ratios = (['processor', 'clock'] as const).map((of) =>
        way === 'plain' ? '' : spreadText(ratioOf(column(way, of), column('plain', of)), 4),
      );
      rows.push([rule, way, spreadText(spreadOf(column(way, 'processor'))), ...ratios]);
    }
  }
  const table = markdownTable(['digits by', 'run', 'processor, s', 'over plain', 'clock, over plain'], rows);
  return {
    table: `${table}\n\nProcessor time decides; where the machine does other things as well, the clock says how much of it was left.`,
  };
}

function digits(ruleName: string, train: number): ExperimentRun {
  const { experiment, rule } = readScenario(scenarioTable.digits, {
    pixels: GLYPH_SIZE * GLYPH_SIZE,
    realImages: false,
    counts: { train, test: 100, epochs: 1 },
    leaveNotation: false,
    rule: { rule: ruleLibrary[ruleName] },
  });
  const data = loadData({ seed: 1, train, test: 100 });
  return { experiment, rule, chips: [ideal()], seed: 1, seeds: 1, threads: 1, resume: false, command: '', data };
}

async function costOf(run: ExperimentRun, way: Way): Promise<Cost> {
  const live = way === 'plain' ? undefined : await openLiveView(run.experiment.title, 0);
  const startedAt = performance.now();
  const before = process.cpuUsage();
  if (way === 'live and watched') get(`${live?.url}events`, (response) => void response.resume());
  const document = await runExperiment({
    ...run,
    ...(live && { live: live.desk }),
    onProgress: (progress) => live?.desk.note(progress),
  });
  const { user, system } = process.cpuUsage(before);
  const clock = (performance.now() - startedAt) / 1000;
  await live?.close(document.title);
  return { processor: (user + system) / 1e6, clock };
}
