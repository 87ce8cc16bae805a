/** How fast work goes on and when it will be done, from how far it was at which time. */

/** Throughput is that of the last seconds. */
const LOOKS_BACK = 5;

export interface Pace {
  /** Units per second lately; null before there are two moments to tell. */
  readonly perSecond: number | null;
  /** Null while nothing is done; by the mean since the start. */
  readonly secondsLeft: number | null;
}

export function createPace(): (seconds: number, done: number, total: number) => Pace {
  const moments: { seconds: number; done: number }[] = [];
  return (seconds, done, total) => {
    moments.push({ seconds, done });
    while (moments.length > 2 && moments[1].seconds <= seconds - LOOKS_BACK) moments.shift();
    const [first] = moments;
    const passed = seconds - first.seconds;
    return {
      perSecond: passed > 0 ? Math.max(0, done - first.done) / passed : null,
      secondsLeft: done > 0 && total > 0 ? (seconds * Math.max(0, total - done)) / done : null,
    };
  };
}
