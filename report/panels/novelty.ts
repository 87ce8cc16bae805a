/**
 * Anomaly detection: how far the error spikes of a held-out class lie from those of known ones, what the network predicts of images it sees, and what
 * each latent value predicts alone. Shown are the images of the first run; the counts are of all runs.
 */
import type { NoveltyFigures, NoveltyPictures, NoveltyResult, ResultDocument, SeedStatistic } from '../../experiments/result.ts';
import { niceTicks, xAxis, yAxis } from '../axes.ts';
import { colourField } from '../colour-field.ts';
import { formatNumber, formatPercent, formatPercentRange, NONE, plural } from '../format.ts';
import type { Card, DrawnChip, Panel } from '../panel.ts';
import { cards, chipName, drawnChips, fileName, table } from '../panel.ts';
import { coordinate, element, escapeText, linearScale, svgFigure, textAt } from '../svg.ts';
import { steps } from './weight-histogram.ts';

const WIDTH = 360;
const SCORES_HEIGHT = 170;
/** Classes shown side by side, and latent values in a row and in all. */
const IMAGES = 10;
const ACROSS = 8;
const DREAMS = 24;
const GAP = 4;
const LABEL = 16;

export function noveltyPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document).flatMap((chip) => {
    const { novelty } = chip.result;
    return novelty === undefined ? [] : [{ chip, novelty }];
  });
  if (chips.length === 0) return null;
  return {
    id: 'novelty',
    heading: 'What the network does not expect',
    body:
      figuresTable(chips) +
      element(
        'p',
        { class: 'note' },
        escapeText('Area under the curve, and means over the test images; the squared error is that of known classes, white being 1.'),
      ) +
      cards(
        chips.map(
          ({ chip, novelty }): Card => ({
            chip,
            body: drawScores(chip, novelty) + drawImages(chip, novelty) + drawDreams(chip, novelty.pictures),
            note: dreamsNote(novelty.pictures),
          }),
        ),
      ),
    caption:
      'Curves: error spikes of test images, filled for classes that were learned and dashed for the class that was held out; the further apart, the larger the area under the curve. Squares: the first test image of each class, what the network predicted of it before and after learning, and below what each latent value predicts alone (orange is ink, blue is less than none).',
    files: [
      {
        name: fileName(document, 'novelty'),
        header: ['chip', 'figure', 'seed_index', 'held_out', 'before', 'after'],
        rows: chips.flatMap(({ chip, novelty }) =>
          FIGURES.flatMap((figure) =>
            novelty.heldOut.map((heldOut, seed) => [
              chip.result.chip,
              figure,
              seed,
              heldOut,
              novelty.before[figure]?.perSeed[seed],
              novelty.after[figure]?.perSeed[seed],
            ]),
          ),
        ),
      },
    ],
  };
}

const FIGURES: readonly (keyof NoveltyFigures)[] = ['area', 'known', 'novel', 'squaredError'];

interface NoveltyOfChip {
  readonly chip: DrawnChip;
  readonly novelty: NoveltyResult;
}

function figuresTable(chips: readonly NoveltyOfChip[]): string {
  const header = [
    'Chip',
    'Held out',
    'Area before',
    'Area after',
    'Error spikes, known',
    'Error spikes, held out',
    'Squared error of a pixel',
  ];
  const rows = chips.map(({ chip, novelty: { heldOut, before, after } }) => [
    chipName(chip),
    escapeText(heldOut.join(', ')),
    area(before.area),
    area(after.area),
    fromTo(before.known, after.known),
    fromTo(before.novel, after.novel),
    fromTo(before.squaredError, after.squaredError),
  ]);
  return table('Errors before and after learning, by chip', header, rows, [2, 3, 4, 5, 6]);
}

const area = (figure: SeedStatistic | null): string =>
  escapeText(formatPercent(figure?.mean)) + (figure?.ci95 ? element('small', {}, escapeText(formatPercentRange(figure.ci95))) : '');

const fromTo = (before: SeedStatistic | null, after: SeedStatistic | null): string =>
  escapeText([before, after].map((figure) => (figure === null ? NONE : formatNumber(figure.mean))).join(' → '));

/** Shares of the images by their error spikes. */
function drawScores(chip: DrawnChip, { scores: { edges, known, novel } }: NoveltyResult): string {
  const frame = { left: 44, right: WIDTH - 8, top: 22, bottom: SCORES_HEIGHT - 42 };
  const shares = [known, novel].map((counts) => {
    const all = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (all === 0 ? 0 : count / all));
  });
  const top = Math.max(...shares.flat(), 0.01) * 1.05;
  const x = linearScale([edges[0], edges[edges.length - 1]], [frame.left, frame.right]);
  const y = linearScale([0, top], [frame.bottom, frame.top]);
  const percent = linearScale([0, 100 * top], [frame.bottom, frame.top]);
  return svgFigure(
    {
      id: `novelty-scores-${chip.index}`,
      title: `Error spikes of test images on ${chip.result.title}`,
      description: `Known classes: ${inWords(edges, known)}. Held-out class: ${inWords(edges, novel)}.`,
      width: WIDTH,
      height: SCORES_HEIGHT,
    },
    textAt(0, 10, 'share of the images, %', { class: 'axis-name' }),
    yAxis(frame, percent, niceTicks(0, 100 * top, 3)),
    element('path', { d: steps(edges, shares[0], x, y, frame.bottom, top), class: `fill ${chip.className}` }),
    element('path', { d: steps(edges, shares[1], x, y, frame.bottom, top), class: 'outline' }),
    xAxis(frame, x, niceTicks(edges[0], edges[edges.length - 1], 5), 'error spikes per image'),
  );
}

function inWords(edges: readonly number[], counts: readonly number[]): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'no images';
  const mean = counts.reduce((sum, count, k) => sum + (count * (edges[k] + edges[k + 1])) / 2, 0) / total;
  return `${plural(total, 'image')}, mean about ${formatNumber(mean)}`;
}

/** Three rows: what is there, and what was predicted. */
function drawImages(chip: DrawnChip, { pictures, heldOut }: NoveltyResult): string {
  const { images, rows, columns } = pictures;
  const novel = images.filter(({ label }) => label === heldOut[0]);
  const shown = [...images.filter(({ label }) => label !== heldOut[0]).slice(0, IMAGES - novel.length), ...novel];
  const left = 62;
  const cell = (WIDTH - left) / IMAGES;
  const height = ((cell - GAP) * rows) / columns;
  const lines = (['pixels', 'before', 'after'] as const).map((what, row) => {
    const top = LABEL + row * (height + GAP);
    const name = textAt(0, top + height / 2 + 4, { pixels: 'image', before: 'before', after: 'after' }[what], { class: 'tick' });
    return name + shown.map((image, n) => placed(image[what], pictures, left + n * cell, top, cell - GAP)).join('');
  });
  const labels = shown.map(({ label }, n) =>
    textAt(left + n * cell + (cell - GAP) / 2, 11, label === heldOut[0] ? `(${label})` : String(label), {
      class: 'tick',
      'text-anchor': 'middle',
    }),
  );
  return svgFigure(
    {
      id: `novelty-images-${chip.index}`,
      title: `Images and their predictions on ${chip.result.title}`,
      description: `The first test image of each class, ${shown.map(({ label }) => label).join(', ')}; class ${heldOut[0]} was held out.`,
      width: WIDTH,
      height: LABEL + 3 * (height + GAP),
    },
    ...labels,
    ...lines,
  );
}

/** What each latent value predicts when it alone is active. */
function drawDreams(chip: DrawnChip, pictures: NoveltyPictures): string {
  const dreams = pictures.dreams.slice(0, DREAMS);
  const cell = WIDTH / ACROSS;
  const height = ((cell - GAP) * pictures.rows) / pictures.columns;
  return svgFigure(
    {
      id: `novelty-dreams-${chip.index}`,
      title: `What each latent value predicts on ${chip.result.title}`,
      description: `${plural(dreams.length, 'field')} of ${pictures.rows} by ${pictures.columns} pixels.`,
      width: WIDTH,
      height: LABEL + Math.ceil(dreams.length / ACROSS) * (height + GAP),
    },
    textAt(0, 11, 'each latent value alone', { class: 'axis-name' }),
    ...dreams.map((dream, k) => placed(dream, pictures, (k % ACROSS) * cell, LABEL + Math.floor(k / ACROSS) * (height + GAP), cell - GAP)),
  );
}

/** @param width of the field on the page */
function placed(field: readonly number[], shape: NoveltyPictures, left: number, top: number, width: number): string {
  const scale = (width / shape.columns).toFixed(4);
  const transform = `translate(${coordinate(left)} ${coordinate(top)}) scale(${scale})`;
  return element('g', { transform, class: 'cells' }, colourField(field, shape, 1));
}

const dreamsNote = ({ dreams }: NoveltyPictures): string | undefined =>
  dreams.length > DREAMS ? `The first ${DREAMS} of ${dreams.length} latent values.` : undefined;
