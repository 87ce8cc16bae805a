/** Proofs of rules: every check with its figure and its bar, and the curves of a kind beside each other. */
import type { Curve, CurveKind } from '../../experiments/verify/curve.ts';
import type { Verdict } from '../../experiments/verify/verdict.ts';
import { barInWords, valueInWords } from '../../experiments/verify/verdict.ts';
import { drawCurve } from '../curve-figure.ts';
import { withMinus } from '../format.ts';
import type { Panel } from '../panel.ts';
import { table, tiles } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

export function checksPanel(checks: readonly Verdict[]): Panel {
  const rows = checks.map((check) => [
    escapeText(check.subject),
    escapeText(check.name),
    escapeText(withMinus(valueInWords(check))),
    escapeText(withMinus(barInWords(check))),
    element('span', { class: check.passes ? 'tag' : 'tag error' }, check.passes ? 'ok' : 'FAIL'),
    element('span', { class: 'long' }, escapeText(check.what)) + element('small', {}, escapeText(check.source)),
  ]);
  return {
    id: 'checks',
    heading: 'Checks',
    body: table('Checks', ['Rule', 'Check', 'Value', 'Bar', 'Holds', 'What it measures, and where the claim comes from'], rows, [2, 3]),
    caption: 'Each value is measured on the text of the rule as it ships; a check holds when the value reaches its bar.',
    files: [
      {
        name: 'verify-checks.csv',
        header: ['rule', 'check', 'value', 'at_least', 'at_most', 'passes', 'what', 'source'],
        rows: checks.map(({ subject, name, value, bar, passes, what, source }) => [
          subject,
          name,
          value,
          bar.atLeast,
          bar.atMost,
          passes ? 'yes' : 'no',
          what,
          source,
        ]),
      },
    ],
  };
}

/** In the order of reading. */
const KINDS: Readonly<Record<CurveKind, { readonly heading: string; readonly caption: string }>> = {
  alignment: {
    heading: 'Angle to back-propagation over training',
    caption:
      'Angle between what the rule hands to a layer and what back-propagation would, on images it was never trained on: mean of the seeds, with a band from the lowest to the highest. At 0° they are the same; below 90° a small step by the rule goes downhill.',
  },
  convergence: {
    heading: 'Convergence to the gradient',
    caption:
      'How far an update is from the gradient as the quantity below goes to the limit in which theory says that they agree. On logarithmic axes a straight line is a power law, and its slope the order of the error.',
  },
  settling: {
    heading: 'Energy while a network settles',
    caption: 'What is left of the fall of the energy after each step, from the start (1) to rest (0): it must never rise.',
  },
  learning: { heading: 'Learning', caption: 'The error as the rule is applied again and again.' },
  probe: {
    heading: 'What can be read out of each layer',
    caption:
      'Accuracy of a linear read-out fitted to the rates of a hidden layer, before training and after it: mean of the seeds, with a band from the lowest to the highest; the dashed line is the same read-out of the pixels.',
  },
  window: {
    heading: 'STDP windows',
    caption:
      'Each dot is the change by one pair of spikes in the kernel (right of zero: the pre neuron fired first), the thin line the closed form of the rule.',
  },
};

interface Shown {
  readonly check: Verdict;
  readonly curve: Curve;
}

/** One panel for each kind of curve that there is. */
export function curvePanels(checks: readonly Verdict[]): Panel[] {
  const shown = checks.flatMap((check) => check.curves.map((curve): Shown => ({ check, curve })));
  return (Object.keys(KINDS) as CurveKind[]).flatMap((kind) => {
    const own = shown.filter(({ curve }) => curve.kind === kind && curve.lines.length > 0);
    return own.length === 0 ? [] : [curvePanel(kind, own)];
  });
}

function curvePanel(kind: CurveKind, shown: readonly Shown[]): Panel {
  const { heading, caption } = KINDS[kind];
  return {
    id: kind,
    heading,
    body: tiles(
      shown.map(({ check, curve }, k) => ({
        heading: escapeText(check.subject) + element('small', {}, escapeText(curve.title)),
        body: drawCurve(curve, `${kind}-${k}`),
        note: `${check.name}: ${withMinus(valueInWords(check))}, bar ${withMinus(barInWords(check))}, ${check.passes ? 'ok' : 'FAIL'}`,
      })),
    ),
    caption,
    files: [
      {
        name: `verify-${kind}.csv`,
        header: ['rule', 'check', 'curve', 'line', 'x_is', 'x', 'y_is', 'y', 'low', 'high'],
        rows: shown.flatMap(({ check, curve }) =>
          curve.lines.flatMap(({ label, x, y, low, high }) =>
            x.map((at, k) => [check.subject, check.name, curve.title, label, curve.x.label, at, curve.y.label, y[k], low?.[k], high?.[k]]),
          ),
        ),
      },
    ],
  };
}
