/**
 * Shows how far a run is, on stderr: a bar that is redrawn in place once a run has lasted a second, or one JSON object per line for programs,
 * or nothing. `auto` is a bar on a terminal and nothing elsewhere.
 */
import type { RunProgress } from '../experiments/run-board.ts';
import type { Terminal } from './answer.ts';

export const PROGRESS_MODES = ['auto', 'bar', 'ndjson', 'none'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

export interface Progress {
  readonly show: (progress: RunProgress) => void;
  /** Takes the bar away until it is shown again. */
  readonly clear: () => void;
}

/** Nothing is drawn before this many milliseconds. */
const PATIENCE = 1000;
const BAR_WIDTH = 20;
const CLEAR_LINE = '\r\u001b[K';

/** `now` gives milliseconds since any start. */
export function createProgress(mode: ProgressMode, terminal: Terminal, now: () => number = () => performance.now()): Progress {
  if (mode === 'none' || (mode === 'auto' && !terminal.isInteractive)) return { show: () => {}, clear: () => {} };
  return mode === 'ndjson' ? lines(terminal) : bar(terminal, now);
}

function lines(terminal: Terminal): Progress {
  let last = '';
  return {
    show: ({ each: _, ...progress }) => {
      const line = `${JSON.stringify({ event: 'progress', ...progress })}\n`;
      if (line !== last) terminal.write(line);
      last = line;
    },
    clear: () => {},
  };
}

function bar(terminal: Terminal, now: () => number): Progress {
  const started = now();
  let drawn = false;
  return {
    show: (progress) => {
      const elapsed = now() - started;
      if (elapsed < PATIENCE) return;
      terminal.write(CLEAR_LINE + barText(progress, elapsed / 1000).slice(0, Math.max(20, terminal.columns - 1)));
      drawn = true;
    },
    clear: () => {
      if (drawn) terminal.write(CLEAR_LINE);
      drawn = false;
    },
  };
}

/** `loihi-like seed 2  ██████████──────────  50 %  3 of 9 runs  12 s left` */
export function barText({ chip, seed, done, total, runsDone, runs }: RunProgress, elapsedSeconds: number): string {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const full = Math.round(share * BAR_WIDTH);
  const left = share === 0 ? '' : `  ${secondsText((elapsedSeconds * (1 - share)) / share)} left`;
  const blocks = '█'.repeat(full) + '─'.repeat(BAR_WIDTH - full);
  return `${chip} seed ${seed}  ${blocks} ${String(Math.floor(share * 100)).padStart(3)} %  ${runsDone} of ${runs} runs${left}`;
}

function secondsText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
