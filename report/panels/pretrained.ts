/** Pretrained and adapted: right answers of the teacher, of its weights on each chip, and after each chip has learned by its own rule. */
import type { ResultDocument, SeedStatistic } from '../../experiments/result.ts';
import { formatPercent, formatPercentRange, NONE } from '../format.ts';
import type { Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

export function pretrainedPanel(document: ResultDocument): Panel | null {
  const rows = drawnChips(document).flatMap((chip) => {
    const { pretrained, accuracy } = chip.result;
    return pretrained === undefined ? [] : [{ chip, pretrained, stages: [pretrained.teacher, pretrained.placed, accuracy] }];
  });
  if (rows.length === 0) return null;
  const { epochs } = rows[0].pretrained;
  return {
    id: 'pretrained',
    heading: 'Trained off line, adapted on the chip',
    body: table(
      'Accuracy of the teacher, placed and adapted',
      ['Chip', 'The teacher itself', 'Placed on the chip', 'Adapted on the chip'],
      rows.map(({ chip, stages }) => [chipName(chip), ...stages.map(cell)]),
      [1, 2, 3],
    ),
    caption: `Right answers to test images that nobody was trained on. The teacher is a network of rates, trained by back-propagation for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}; its weights are placed on the chip as the chip can hold them, and then the rule learns there. Joules are those of the chip alone.`,
    files: [
      {
        name: fileName(document, 'pretrained'),
        header: ['chip', 'stage', 'accuracy_mean', 'accuracy_lo', 'accuracy_hi'],
        rows: rows.flatMap(({ chip, stages }) =>
          stages.map((share, n) => [chip.result.chip, STAGES[n], share?.mean, share?.ci95?.[0], share?.ci95?.[1]]),
        ),
      },
    ],
  };
}

const STAGES = ['teacher', 'placed', 'adapted'] as const;

function cell(share: SeedStatistic | null): string {
  const interval = share?.ci95 ? element('small', {}, escapeText(formatPercentRange(share.ci95))) : '';
  return `${escapeText(share === null ? NONE : formatPercent(share.mean))}${interval}`;
}
