/** What is left after a pause: accuracy on the same test images an hour, a day, a month after training. */
import type { ResultDocument } from '../../experiments/result.ts';
import { formatPercent, formatPercentRange, NONE } from '../format.ts';
import type { Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

export function laterPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document).filter(({ result }) => result.later !== undefined);
  if (chips.length === 0) return null;
  const pauses = chips[0].result.later ?? [];
  const rows = chips.map((chip) => [
    chipName(chip),
    escapeText(formatPercent(chip.result.accuracy?.mean)),
    ...pauses.map((_, n) => {
      const accuracy = chip.result.later?.[n]?.accuracy;
      const interval = accuracy?.ci95 ? element('small', {}, escapeText(formatPercentRange(accuracy.ci95))) : '';
      return `${escapeText(accuracy ? formatPercent(accuracy.mean) : NONE)}${interval}`;
    }),
  ]);
  return {
    id: 'later',
    heading: 'After a pause',
    body: table(
      'Accuracy after pauses',
      ['Chip', 'At once', ...pauses.map(({ after }) => `After ${after}`)],
      rows,
      pauses.map((_, n) => n + 1).concat(pauses.length + 1),
    ),
    caption: 'The same test images and input spikes after time at rest: cells drift, relax or decay meanwhile, and nothing corrects them.',
    files: [
      {
        name: fileName(document, 'later'),
        header: ['chip', 'seconds', 'accuracy_mean', 'accuracy_lo', 'accuracy_hi'],
        rows: chips.flatMap(({ result: { chip, later = [] } }) =>
          later.map(({ seconds, accuracy }) => [chip, seconds, accuracy?.mean, accuracy?.ci95?.[0], accuracy?.ci95?.[1]]),
        ),
      },
    ],
  };
}
