/** Paired tests of a comparison: what its seeds can tell apart, and how many would. */
import type { ResultDocument } from '../../experiments/result.ts';
import { formatNumber, formatPoints, NONE } from '../format.ts';
import type { Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

export function differencesPanel(document: ResultDocument): Panel | null {
  const compared = drawnChips(document).flatMap((chip) =>
    chip.result.difference === undefined ? [] : [{ chip, difference: chip.result.difference }],
  );
  if (compared.length === 0) return null;
  const rows = compared.map(({ chip, difference: { mean, ci95, p, pHolm, words } }) => [
    chipName(chip),
    escapeText(formatPoints(mean)) +
      (ci95 === null ? '' : element('small', {}, escapeText(`${formatPoints(ci95[0])} to ${formatPoints(ci95[1])}`))),
    escapeText(p === null ? NONE : formatNumber(p, 2)),
    escapeText(pHolm === null ? NONE : formatNumber(pHolm, 2)),
    escapeText(words),
  ]);
  const { reference } = compared[0].difference;
  return {
    id: 'differences',
    heading: 'What the seeds can tell apart',
    body: table('Paired differences', ['Chip', `Against ${reference}, points`, 'p', 'p (Holm)', 'In words'], rows, [1, 2, 3]),
    caption:
      'Differences of the same seed, data and order, with their 95 % interval; p of the paired t test by itself, and corrected for the number of chips (Holm). "Would" is meant four times in five, if the true difference is the one seen.',
    files: [
      {
        name: fileName(document, 'differences'),
        header: ['chip', 'reference', 'difference', 'difference_lo', 'difference_hi', 'p', 'p_holm', 'seeds', 'seeds_needed'],
        rows: compared.map(({ chip, difference }) => [
          chip.result.chip,
          difference.reference,
          difference.mean,
          difference.ci95?.[0],
          difference.ci95?.[1],
          difference.p,
          difference.pHolm,
          difference.n,
          difference.seedsNeeded,
        ]),
      },
    ],
  };
}
