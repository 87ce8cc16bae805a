/** What a live page shows, wherever it comes from: runs of this process, or the folder of another's. */

import type { LiveRun } from '../../experiments/live/live-desk.ts';
import type { RunProgress } from '../../experiments/run-board.ts';

export interface LiveSight {
  /** Undefined before anything is known. */
  readonly progress: Omit<RunProgress, 'each'> | undefined;
  /** Seconds since the start of the run. */
  readonly elapsedSeconds: number;
  readonly runs: readonly LiveRun[];
  /** Present when there is nothing more to come: what is said of it. */
  readonly end?: string;
}

export interface LiveSource {
  readonly title: string;
  look(): Promise<LiveSight>;
  /** The report, once there is one. */
  report(): string | undefined;
}
