/**
 * Runs lowered learning programs in the order of Lava's learning connection, with every random number given from outside: what the recordings of
 * Lava hold. Slow and plain: each program goes through the reference evaluator, one synapse at a time. The spikes of an epoch are noted; at its end
 * the traces are replayed tick by tick and the epoch program runs for every synapse.
 */
import type { LoweredProjection, LoweredTrace } from '../../core/chip-contract.ts';
import { evaluate } from '../../core/program/evaluate.ts';

/** Draws as Lava makes them: one per side and epoch for decays, one for impulses (whole number 0 … 127), one for all new values. */
export interface Tape {
  decay(side: 'pre' | 'post', epoch: number): number;
  impulse(side: 'pre' | 'post', epoch: number): number;
  /** The impulse of a spike that is followed by another one in its epoch. */
  earlierImpulse(side: 'pre' | 'post', tick: number): number;
  round(epoch: number): number;
}

export interface LavaLearning {
  /** [pre][post] by variable: w, t, d. */
  readonly synapses: Readonly<Record<string, Float64Array>>;
  /** [pre] or [post] by trace. */
  readonly traces: Readonly<Record<string, Float64Array>>;
  /** @param post trace values that the post neurons send (three factors), which take the place of y1, y2, y3 */
  tick(pre: ArrayLike<number>, post: ArrayLike<number>, received?: Readonly<Record<string, ArrayLike<number>>>): void;
}

export function lavaLearning(
  lowered: Pick<LoweredProjection, 'epoch' | 'traces'>,
  initial: Readonly<Record<string, Float64Array>>,
  nPre: number,
  nPost: number,
  tape: Tape,
): LavaLearning {
  const { epoch } = lowered;
  if (epoch === undefined) throw new Error('no epoch program');
  const synapses = Object.fromEntries(Object.entries(initial).map(([name, values]) => [name, values.slice()]));
  const traces = Object.fromEntries(lowered.traces.map(({ name, on }) => [name, new Float64Array(on === 'pre' ? nPre : nPost)]));
  const times = { pre: new Int32Array(nPre), post: new Int32Array(nPost) };
  const isReceived = new Set<string>();
  let tick = 0;

  const runTrace = (trace: LoweredTrace, part: 'decay' | 'impulse', value: number, draw: number): number => {
    let held = value;
    evaluate(
      trace[part],
      () => held,
      (_name, _scope, next) => (held = next),
      () => draw,
    );
    return held;
  };
  const asDraw = (wholeNumber: number): number => (wholeNumber + 0.5) / 128;

  const note = (side: 'pre' | 'post', spikes: ArrayLike<number>): void => {
    const position = ((tick - 1) % epoch.ticks) + 1;
    for (let i = 0; i < spikes.length; i++) {
      if (spikes[i] === 0) continue;
      if (times[side][i] > 0) {
        for (const trace of lowered.traces) {
          if (trace.on !== side) continue;
          traces[trace.name][i] = runTrace(trace, 'impulse', traces[trace.name][i], asDraw(tape.earlierImpulse(side, tick)));
        }
      }
      times[side][i] = position;
    }
  };

  /** [item][time 0 … E] of each trace. */
  const replay = (trace: LoweredTrace, n: number): number[][] =>
    Array.from(traces[trace.name], (stored, i) => {
      const history = [stored];
      for (let q = 1; q <= epoch.ticks; q++) {
        let value = runTrace(trace, 'decay', history[q - 1], tape.decay(trace.on, n));
        if (times[trace.on][i] === q) value = runTrace(trace, 'impulse', value, asDraw(tape.impulse(trace.on, n)));
        history.push(value);
      }
      return history;
    });

  const learn = (): void => {
    const n = tick / epoch.ticks - 1;
    const histories = new Map(lowered.traces.map((trace) => [trace.name, replay(trace, n)]));
    for (const { name } of lowered.traces) {
      if (isReceived.has(name)) continue;
      traces[name] = Float64Array.from(histories.get(name) ?? [], (history) => history[epoch.ticks]);
    }
    for (let i = 0; i < nPre; i++) {
      for (let j = 0; j < nPost; j++) {
        const at = { Pre: times.pre[i], Post: times.post[j], End: epoch.ticks } as const;
        const read = (name: string, scope: string): number => {
          if (name === 'preTime') return times.pre[i];
          if (name === 'postTime') return times.post[j];
          if (name === 'tick') return tick;
          if (scope === 'counter') return 0;
          if (scope === 'synapse') return synapses[name][i * nPost + j];
          const [, trace, time] = /^(.*)_at(Pre|Post|End)$/.exec(name) ?? [];
          const value = histories.get(trace)?.[scope === 'pre' ? i : j][at[time as keyof typeof at]] ?? Number.NaN;
          // Lava takes values of any size from its post neurons and clips them here; our programs do without, because a register cannot hold them
          return Math.min(127, Math.max(-128, value));
        };
        const write = (name: string, scope: string, value: number): void => {
          if (scope === 'synapse') synapses[name][i * nPost + j] = value;
        };
        evaluate(epoch.program, read, write, () => tape.round(n));
      }
    }
    times.pre.fill(0);
    times.post.fill(0);
  };

  return {
    synapses,
    traces,
    tick(pre, post, received = {}) {
      tick++;
      note('pre', pre);
      note('post', post);
      for (const [name, values] of Object.entries(received)) {
        if (traces[name] === undefined) continue;
        isReceived.add(name);
        traces[name].set(Float64Array.from(values));
      }
      if (tick % epoch.ticks === 0) learn();
    },
  };
}
