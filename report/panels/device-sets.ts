/** Monte-Carlo over devices: what the same seeds do on other cells of the same kind, and how much of a cell's life the training took. */
import type { ResultDocument, SeedStatistic } from '../../experiments/result.ts';
import { formatCount, formatEnergy, formatEnergyRange, formatPercent, formatPercentRange, NONE } from '../format.ts';
import type { Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

export function deviceSetsPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document).filter(({ result }) => result.devices !== undefined);
  if (chips.length === 0) return null;
  const rows = chips.map((chip) => {
    const { sets, accuracy, energyPerUpdate, pulsesPerCell, enduranceUsed } = chip.result.devices ?? NO_DEVICES;
    return [
      chipName(chip),
      String(sets),
      cell(formatPercent(accuracy?.mean), accuracy?.ci95 ? formatPercentRange(accuracy.ci95) : ''),
      cell(
        spread(accuracy, (value) => formatPercent(value)),
        '',
      ),
      cell(
        energyPerUpdate ? formatEnergy(energyPerUpdate.mean) : NONE,
        energyPerUpdate?.ci95 ? formatEnergyRange(...energyPerUpdate.ci95) : '',
      ),
      cell(pulsesPerCell ? formatCount(pulsesPerCell.mean) : NONE, ''),
      cell(
        shareText(enduranceUsed?.value),
        enduranceUsed ? `${shareText(enduranceUsed.lo)} to ${shareText(enduranceUsed.hi)}` : 'not known',
      ),
    ];
  });
  const header = ['Chip', 'Device sets', 'Accuracy', 'Worst to best set', 'Energy per update', 'Pulses per cell', 'Endurance used'];
  return {
    id: 'device-sets',
    heading: 'Other cells of the same kind',
    body: table('Results over sets of devices', header, rows, [1, 2, 3, 4, 5, 6]),
    caption:
      'The same seeds with every cell drawn afresh. Small lines: 95 % interval over the sets (accuracy, energy); for endurance the range of what is published for such cells.',
    files: [
      {
        name: fileName(document, 'device-sets'),
        header: ['chip', 'set', 'accuracy', 'energy_per_update_J', 'pulses_per_cell'],
        rows: chips.flatMap(({ result: { chip, devices } }) =>
          Array.from({ length: devices?.sets ?? 0 }, (_, n) => [
            chip,
            n,
            devices?.accuracy?.perSeed[n],
            devices?.energyPerUpdate?.perSeed[n],
            devices?.pulsesPerCell?.perSeed[n],
          ]),
        ),
      },
    ],
  };
}

const NO_DEVICES = { sets: 0, accuracy: null, energyPerUpdate: null, pulsesPerCell: null, enduranceUsed: null };

const spread = (statistic: SeedStatistic | null, text: (value: number) => string): string =>
  statistic === null ? NONE : `${text(Math.min(...statistic.perSeed))} to ${text(Math.max(...statistic.perSeed))}`;

/** Shares from a billionth to all of it, to two figures. */
const shareText = (share: number | undefined): string => (share === undefined ? NONE : `${Number((100 * share).toPrecision(2))} %`);

const cell = (first: string, small: string): string => escapeText(first) + (small === '' ? '' : element('small', {}, escapeText(small)));
