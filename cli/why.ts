/** `--why projection:pre:post`: which synapses are meant, and their learning log in words. */
import type { Problem } from '../core/errors.ts';
import { roundedSum } from '../core/exact-sum.ts';
import type { SynapseHistory, WeightChange } from '../core/kernel/learning-log.ts';
import type { NamedSynapse } from '../core/kernel/named-synapses.ts';
import type { ChipResult } from '../experiments/result.ts';
import { commaList } from './option-values.ts';

/** More would be a recording, not an answer. */
const MOST = 100;
/** Changes that are printed; the document has all that were kept. */
const PRINTED = 5;

export function namedSynapses(text: string, problems: Problem[]): NamedSynapse[] {
  const words = commaList('--why', text, 'synapse', problems);
  if (words.length > MOST) {
    problems.push({ code: 'E-RANGE', message: `--why names ${words.length} synapses, but a log is kept of ${MOST} at most` });
  }
  return words.flatMap((word) => {
    const [, projection, pre, post] = /^(.+):(\d+):(\d+)$/.exec(word) ?? [];
    if (projection !== undefined) return [{ projection, pre: Number(pre), post: Number(post) }];
    problems.push({
      code: 'E-RANGE',
      message: `--why has "${word}", but a synapse is written projection:pre:post with the numbers of its neurons, e.g. pixels-answers:12:3`,
      got: word,
    });
    return [];
  });
}

/** Of the first run on each chip. */
export function whyText(results: readonly ChipResult[]): string {
  return results
    .flatMap(({ chip, why }) => {
      const [first] = why ?? [];
      if (first === undefined) return [];
      return first.synapses.map((history) => `\n${chip}, seed ${first.seed}, ${historyText(history)}\n`);
    })
    .join('');
}

function historyText({ projection, pre, post, start, end, changes, rest }: SynapseHistory): string {
  const total = changes.length + rest.changes;
  const head = `${projection}:${pre}:${post}: weight ${number(start)} -> ${number(end)} in ${total} ${total === 1 ? 'change' : 'changes'}`;
  const largest = [...changes].sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before)).slice(0, PRINTED);
  const shown = new Set(largest);
  const others = changes
    .filter((change) => !shown.has(change))
    .reduce((sum, { before, after }) => sum + after - before, roundedSum(rest.sum));
  const left = total - largest.length;
  const lines = changes.filter((change) => shown.has(change)).map((change) => `  ${changeText(change)}`);
  return [head, ...lines, ...(left === 0 ? [] : [`  and ${left} smaller, together ${signed(others)}`])].join('\n');
}

/** What is worth a word of what a change cost; the document has the rest. */
const COSTS = [
  ['writePulse', 'pulse'],
  ['verifyRead', 'read-back'],
] as const;

/** `tick 1200 (sample 24), onModulator: 0.12 -> 0.15 (+0.03); reward 0.8, e 0.4; 12 pulses` */
function changeText({ tick, sample, moment, before, after, read, events }: WeightChange): string {
  const when = `tick ${tick}${sample === undefined ? '' : ` (sample ${sample})`}, ${moment}`;
  const behind = Object.entries(read).map(([name, value]) => `${name} ${number(value)}`);
  const cost = COSTS.flatMap(([kind, noun]) => {
    const count = events[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? noun : `${noun}s`}`];
  });
  const parts = [`${number(before)} -> ${number(after)} (${signed(after - before)})`, behind.join(', '), cost.join(', ')];
  return `${when}: ${parts.filter((part) => part !== '').join('; ')}`;
}

const number = (value: number): string => String(Number(value.toPrecision(4)));
const signed = (value: number): string => `${value < 0 ? '' : '+'}${number(value)}`;
