/** An interrupt: runs under way are asked to keep how far they are and stop, and the user is told how to go on. */
import { EXIT, UserError } from '../core/errors.ts';

/** How long runs have to stop, in milliseconds; one that takes longer is cut off and goes on from its last checkpoint. */
const GRACE = 2000;

/** Raises the cell when the signal comes, at once if it has; the promise is kept some time after. */
export function interruptOf(signal: AbortSignal | undefined, stop: Int32Array): { graceIsOver: Promise<undefined>; forget: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const graceIsOver = new Promise<undefined>((resolve) => {
    onAbort = () => {
      Atomics.store(stop, 0, 1);
      timer = setTimeout(resolve, GRACE, undefined);
    };
  });
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  return {
    graceIsOver,
    forget: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** How many runs have ended, and how many are kept as far as they were, of how many. */
export interface RunsKept {
  readonly finished: number;
  readonly under: number;
  readonly total: number;
}

/** @param folder where they are kept; undefined for nowhere  @param command that goes on */
export function interruption(folder: string | undefined, command: string, { finished, under, total }: RunsKept): UserError {
  const others = under === 0 ? '' : `, and how far ${under} ${under === 1 ? 'other was' : 'others were'}`;
  const kept = folder === undefined ? 'nothing was stored' : `${finished} of ${total} runs are kept in ${folder}${others}`;
  return new UserError({ code: 'E-INTERRUPTED', message: `interrupted; ${kept}`, hint: `to go on: ${command}` }, EXIT.interrupted);
}
