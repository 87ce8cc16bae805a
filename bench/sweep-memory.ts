/**
 * Whether memory stays flat: the resident memory of one process over thousands of networks that are built, run and dropped, and over a sweep of as many
 * runs through the pool. A leak of a kilobyte each would show as 10 MB.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spreadOf } from './statistics.ts';
import { markdownTable } from './table.ts';

export const MEMORY_KINDS = ['builds', 'sweep'] as const;
export type MemoryKind = (typeof MEMORY_KINDS)[number];

const WHAT: Readonly<Record<MemoryKind, string>> = {
  builds: 'networks built, run for 20 ticks and dropped, one thread',
  sweep: 'runs of a sweep, two threads',
};

/** Bytes of resident memory as work went on. */
export interface MemoryTrail {
  readonly count: number;
  readonly seconds: number;
  readonly samples: readonly { readonly done: number; readonly bytes: number }[];
}

/** Medians over the quarters of the work, and what is added to the resident memory by a thousand more: by the last three quarters. */
export interface MemoryVerdict {
  readonly quarters: readonly number[];
  readonly perThousand: number;
}

export function verdictOf({ count, samples }: MemoryTrail): MemoryVerdict {
  const quarters = [0, 1, 2, 3].map((quarter) => {
    const within = samples.filter(({ done }) => Math.min(3, Math.floor((4 * done) / count)) === quarter);
    return spreadOf(within.map(({ bytes }) => bytes)).median;
  });
  // the first quarter holds the warming up
  return { quarters, perThousand: (quarters[3] - quarters[1]) / (count / 2 / 1000) };
}

export function measureMemory(count: number, say: (line: string) => void): { readonly table: string } {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const rows = MEMORY_KINDS.map((kind) => {
    const trail = trailOf(kind, count);
    const { quarters, perThousand } = verdictOf(trail);
    say(`${kind}: ${trail.seconds.toFixed(0)} s, ${quarters.map(megabytes).join(', ')} MB`);
    return [`${count} ${WHAT[kind]}`, ...quarters.map(megabytes), megabytes(perThousand), trail.seconds.toFixed(0)];
  });
  const header = ['median resident memory, MB', 'first quarter', 'second', 'third', 'last', 'added by 1000 more', 'seconds'];
  return { table: markdownTable(header, rows) };
}

/** In a process of its own. */
function trailOf(kind: MemoryKind, count: number): MemoryTrail {
  const script = fileURLToPath(new URL('./memory-once.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, kind, String(count)], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${kind} ended with ${status}:\n${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}
