/** How full each chip is: used against available, fullest first; what does not fit is marked in words, not by colour alone. */
import type { ChipResult, ResultDocument } from '../../experiments/result.ts';
import { formatCount, formatNumber, formatPercent, isFiniteNumber, NONE } from '../format.ts';
import type { Card, DrawnChip, Panel } from '../panel.ts';
import { cards, drawnChips, fileName } from '../panel.ts';
import { rect, svgFigure, textAt } from '../svg.ts';

const WIDTH = 360;
const ROW = 44;
const ROWS_PER_CHIP = 10;

type Resource = ChipResult['resources'][number];

export function resourcesPanel(document: ResultDocument): Panel | null {
  const list: Card[] = drawnChips(document).flatMap((chip) => {
    const resources = chip.result.resources.filter(({ used }) => isFiniteNumber(used)).sort((a, b) => share(b) - share(a));
    if (resources.length === 0) return [];
    const left = resources.length - ROWS_PER_CHIP;
    return [
      {
        chip,
        body: drawResources(chip, resources.slice(0, ROWS_PER_CHIP)),
        note: left > 0 ? `${formatCount(left)} less full resources are in the file.` : undefined,
      },
    ];
  });
  if (list.length === 0) return null;
  return {
    id: 'resources',
    heading: 'Room on the chip',
    body: cards(list),
    caption:
      'Each bar shows how much of one resource the network uses, fullest first; a full bar leaves no room and an overfull one does not fit.',
    files: [
      {
        name: fileName(document, 'resources'),
        header: ['chip', 'resource', 'where', 'used', 'available'],
        rows: list.flatMap(({ chip }) =>
          chip.result.resources.map(({ resource, where, used, available }) => [chip.result.chip, resource, where, used, available]),
        ),
      },
    ],
  };
}

function drawResources(chip: DrawnChip, resources: readonly Resource[]): string {
  const rows = resources.map((resource, k) => {
    const top = k * ROW;
    const full = share(resource);
    const over = full > 1;
    const limited = isFiniteNumber(resource.available);
    const numbers = limited
      ? `${amount(resource.used)} of ${amount(resource.available)}${over ? ', does not fit' : ''}`
      : `${amount(resource.used)}, no limit`;
    const room = Math.floor((WIDTH - numbers.length * 6.6 - 16) / 6.6);
    const name = `${resource.resource}, ${resource.where}`;
    return [
      textAt(0, top + 14, name.length > room ? `${name.slice(0, Math.max(1, room - 1)).trimEnd()}…` : name, { class: 'label' }),
      textAt(WIDTH, top + 14, numbers, { class: over ? 'figure over' : 'figure', 'text-anchor': 'end' }),
      rect(0, top + 21, WIDTH, 9, { class: 'trough', rx: 2 }),
      full > 0
        ? rect(0, top + 21, Math.max(2, WIDTH * Math.min(1, full)), 9, { class: over ? 'bar-over' : `bar ${chip.className}`, rx: 2 })
        : '',
    ].join('');
  });
  return svgFigure(
    {
      id: `resources-${chip.index}`,
      title: `Resources of ${chip.result.title}`,
      description: resources
        .map(
          (resource) =>
            `${resource.resource} at ${resource.where}: ${isFiniteNumber(resource.available) ? formatPercent(share(resource), 0) : NONE} used.`,
        )
        .join(' '),
      width: WIDTH,
      height: resources.length * ROW - 10,
    },
    ...rows,
  );
}

/** Used over available; 0 where there is no limit, more than one where something is used and nothing is available. */
function share({ used, available }: Resource): number {
  if (!isFiniteNumber(available)) return 0;
  if (available <= 0) return used > 0 ? Number.MAX_VALUE : 0;
  return used / available;
}

function amount(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}
