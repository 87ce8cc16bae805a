/**
 * Has something become slower? Never by a time alone, which says more about the machine than about us: our loops are compared with the same loops in
 * C, and our starts with a bare start of Node, each pair by turns in one go, and the ratios with those recorded in `bench/guard.json`. A ratio
 * may be worse than the recorded one by a stated share; beyond that the guard ends with exit code 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { measureLimit } from './c-limit.ts';
import { measureStartup } from './startup.ts';
import type { Spread } from './statistics.ts';
import { machine, markdownTable, spreadText } from './table.ts';

const RECORD = 'bench/guard.json';
/** Share by which the best turn may be worse than the recorded median: on shared machines medians move by a tenth, single turns by more. */
export const TOLERANCE = 0.25;

/** What is compared; whether more is better. */
export const GUARDED = {
  bits: { title: 'delivery by bits, ours / C', moreIsBetter: true },
  targets: { title: 'delivery by targets, ours / C', moreIsBetter: true },
  advance: { title: 'LIF update, ours / C', moreIsBetter: true },
  version: { title: 'hillock --version / bare Node', moreIsBetter: false },
  firstSpike: { title: 'first spike / bare Node', moreIsBetter: false },
  building: { title: 'building 10^7 synapses / bare Node', moreIsBetter: false },
} as const;

export type GuardedName = keyof typeof GUARDED;
export type Ratios = Readonly<Partial<Record<GuardedName, Spread>>>;

export interface GuardRecord {
  readonly machine: string;
  readonly command: string;
  /** Medians. */
  readonly ratios: Readonly<Partial<Record<GuardedName, number>>>;
}

export const readGuard = (): GuardRecord => JSON.parse(readFileSync(RECORD, 'utf8'));

/** What is worse than recorded, in words; a ratio that one side lacks is not compared. */
export function regressions(recorded: GuardRecord['ratios'], measured: Ratios): string[] {
  return (Object.keys(GUARDED) as GuardedName[]).flatMap((name) => {
    const [before, now] = [recorded[name], measured[name]];
    if (before === undefined || now === undefined) return [];
    const { title, moreIsBetter } = GUARDED[name];
    // the best turn: what else the machine does only ever makes a turn worse
    const best = moreIsBetter ? now.max : now.min;
    const worse = moreIsBetter ? 1 - best / before : best / before - 1;
    if (worse <= TOLERANCE) return [];
    return [`${title}: ${best.toPrecision(3)}, recorded ${before.toPrecision(3)}, ${Math.round(100 * worse)} % worse`];
  });
}

/** @returns the exit code */
export function guard(turns: number, write: boolean, command: string, say: (line: string) => void): 0 | 1 {
  const limit = measureLimit(turns, say);
  const startup = measureStartup(turns, say);
  if ('missing' in limit) say(`skipped: loops beside C (${limit.missing})`);
  if ('missing' in startup) say(`skipped: starts (${startup.missing})`);
  const measured: Ratios = { ...('missing' in limit ? {} : limit.ratios), ...('missing' in startup ? {} : startup.ratios) };
  const names = (Object.keys(GUARDED) as GuardedName[]).filter((name) => measured[name] !== undefined);
  if (write) {
    const ratios = Object.fromEntries(names.map((name) => [name, Number(measured[name]?.median.toPrecision(3))]));
    writeFileSync(RECORD, `${JSON.stringify({ machine: machine(), command, ratios } satisfies GuardRecord, null, 2)}\n`);
  }
  const { ratios } = readGuard();
  const rows = names.map((name) => [GUARDED[name].title, `${ratios[name] ?? '–'}`, spreadText(measured[name] as Spread)]);
  process.stdout.write(`${machine()}\n\n${markdownTable(['ratio', 'recorded', 'now'], rows)}\n`);
  const worse = regressions(ratios, measured);
  for (const line of worse) say(`worse by more than ${100 * TOLERANCE} %: ${line}`);
  return worse.length > 0 ? 1 : 0;
}
