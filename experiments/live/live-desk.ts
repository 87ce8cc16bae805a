/** Where the windows of all runs come together in the main thread: what a live page shows, read only when somebody looks. */
import type { RunProgress } from '../run-board.ts';
import type { LiveCurve, LiveWindow, Picture } from './live-window.ts';
import { askForPicture, createLiveWindow, curveSoFar, lastPicture, picturesMade } from './live-window.ts';

/** One run as a live page shows it. */
export interface LiveRun {
  readonly id: number;
  readonly chip: string;
  readonly seed: number;
  /** Units of the task (images, trials). */
  readonly done: number;
  readonly total: number;
  readonly curve: LiveCurve;
  readonly picture?: Picture;
  /** Changes whenever the above does. */
  readonly stamp: string;
}

export interface LiveDesk {
  /** A window for a run. @param progress [0] done, [1] total, counted up by the run */
  open(run: { readonly chip: string; readonly seed: number; readonly progress: Int32Array }): LiveWindow;
  /** How far everything is. */
  note(progress: RunProgress): void;
  readonly progress: RunProgress | undefined;
  /** Runs that have begun, of many that have ended the latest; asks those under way for their next picture. */
  look(): LiveRun[];
}

/** Runs that have ended which are shown. */
const ENDED = 100;

interface Watched {
  readonly id: number;
  readonly chip: string;
  readonly seed: number;
  readonly progress: Int32Array;
  readonly window: LiveWindow;
  picture?: Picture;
}

export function createLiveDesk(): LiveDesk {
  const runs: Watched[] = [];
  let begun = 0;
  let latest: RunProgress | undefined;
  return {
    open: (run) => {
      const window = createLiveWindow();
      runs.push({ ...run, id: begun++, window });
      const ended = runs.filter(({ progress: [done, total] }) => total > 0 && done === total);
      if (ended.length > ENDED) runs.splice(runs.indexOf(ended[0]), 1);
      return window;
    },
    note: (progress) => {
      latest = progress;
    },
    get progress() {
      return latest;
    },
    look: () =>
      runs.flatMap((run): LiveRun[] => {
        const { id, chip, seed, progress, window } = run;
        const [done, total] = progress;
        if (total === 0) return [];
        // counted before it is read: a picture made meanwhile is shown the next time
        const pictures = picturesMade(window);
        run.picture = lastPicture(window) ?? run.picture;
        askForPicture(window);
        const { picture } = run;
        return [
          {
            id,
            chip,
            seed,
            done,
            total,
            curve: curveSoFar(window),
            ...(picture && { picture }),
            stamp: `${done}/${total}/${pictures}`,
          },
        ];
      }),
  };
}
