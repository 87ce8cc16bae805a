/** How far a run is, in a file of its folder, so that another process can watch it. It is written about once a second, and gone when the run has ended. */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunProgress } from '../run-board.ts';
import { writeWhole } from '../run-store.ts';

const PROGRESS_FILE = 'progress.json';
/** Milliseconds between two writings. */
const PERIOD = 1000;

export interface FiledProgress {
  readonly title: string;
  readonly elapsedSeconds: number;
  readonly progress: RunProgress;
}

export interface ProgressFile {
  note(progress: RunProgress): void;
  remove(): void;
}

export function createProgressFile(folder: string, title: string): ProgressFile {
  const path = join(folder, PROGRESS_FILE);
  const startedAt = performance.now();
  let writtenAt = Number.NEGATIVE_INFINITY;
  return {
    note: (progress) => {
      const now = performance.now();
      if (now - writtenAt < PERIOD) return;
      writtenAt = now;
      const filed: FiledProgress = { title, elapsedSeconds: (now - startedAt) / 1000, progress };
      try {
        writeWhole(path, JSON.stringify(filed));
      } catch {
        // who watches sees less; results that cannot be written end the run by themselves
      }
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/** What the file says, and when it was written (milliseconds since 1970); undefined where no run is under way. */
export function readProgress(folder: string): { readonly filed: FiledProgress; readonly writtenAt: number } | undefined {
  const path = join(folder, PROGRESS_FILE);
  if (!existsSync(path)) return undefined;
  try {
    return { filed: JSON.parse(readFileSync(path, 'utf8')) as FiledProgress, writtenAt: statSync(path).mtimeMs };
  } catch {
    return undefined; // removed in this moment
  }
}
