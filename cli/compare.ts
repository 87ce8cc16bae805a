/**
 * `hillock compare`: the same experiment on several chips, and what can be said about their differences. `--ablate` takes each chip apart: which of
 * its effects costs how much. `--diagnose` looks at its weight changes, layer by layer.
 */
import type { Problem } from '../core/errors.ts';
import { compareChips } from '../experiments/compare-chips.ts';
import type { Answer, Terminal } from './answer.ts';
import { comparisonText } from './comparison-text.ts';
import { oneOf } from './option-values.ts';
import type { RunOptions } from './run-chips.ts';
import { runChips } from './run-chips.ts';

export interface CompareOptions extends RunOptions {
  /** true without a word. */
  readonly ablate?: string | true;
  readonly diagnose?: boolean;
}

/** Words after `--ablate`, beside none at all. */
const MODES = ['both', 'shapley'] as const;

/** Fewer seeds have no interval worth the name. */
const SEEDS = 3;

export async function compare(source: string, options: CompareOptions, terminal: Terminal): Promise<Answer> {
  const problems: Problem[] = [];
  const { ablate: asked, diagnose = false } = options;
  const ablate = asked === undefined ? undefined : asked === true ? 'sequence' : oneOf('--ablate', asked, MODES, problems);
  const words = [...(asked === undefined ? [] : asked === true ? ['--ablate'] : ['--ablate', asked]), ...(diagnose ? ['--diagnose'] : [])];
  const verb = {
    name: 'compare',
    words,
    suggested: { chips: ['ideal', 'loihi-like', 'memristor-crossbar'], seeds: SEEDS },
    make: (run: Parameters<typeof compareChips>[0]) => compareChips({ ...run, diagnose, ...(ablate && { ablate }) }),
    print: comparisonText,
  };
  return runChips(verb, source, options, terminal, problems);
}
