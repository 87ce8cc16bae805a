/** Why a chip scores otherwise than the ideal one: its effects switched on one after another, as bars from one accuracy to the next. */
import { scoreName } from '../../experiments/novelty-result.ts';
import type { Ablation, EffectOfChip, MeanOverSeeds, ResultDocument } from '../../experiments/result.ts';
import type { AxisFrame } from '../axes.ts';
import { niceDomain, niceTicks, xAxis } from '../axes.ts';
import { capital, formatPercent, formatPoints, isFiniteNumber, NONE } from '../format.ts';
import type { DrawnChip, Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, narrowAndWide, table } from '../panel.ts';
import type { Scale } from '../svg.ts';
import { element, escapeText, line, linearScale, rect, svgFigure, textAt } from '../svg.ts';

const ROW = 40;
/** Where in a row the bar lies, and half the height of the ends of its interval. */
const BAR = { top: 19, height: 12, end: 4 };

/** A chip that was taken apart, with the accuracies between which its bars run. */
interface Waterfall {
  readonly chip: DrawnChip;
  readonly ablation: Ablation;
  readonly bars: readonly { readonly effect: EffectOfChip; readonly from: number; readonly to: number }[];
  readonly start: number;
  readonly end: number;
}

export function waterfallPanel(document: ResultDocument): Panel | null {
  const waterfalls = drawnChips(document).flatMap(waterfallOf);
  const score = scoreName(document.results);
  if (waterfalls.length === 0) return null;
  return {
    id: 'waterfall',
    heading: 'Why it got worse',
    body: waterfalls.map((waterfall) => section(waterfall, score)).join(''),
    caption: `Each bar is what one effect of the chip does to the ${score} when it is switched on, with those above it on and those below it off; filled bars are losses, outlined bars gains. Bars add up to the whole difference; the thin line is the 95 % interval of where the bar ends, over paired seeds, cut at the edge of the figure.`,
    files: [
      {
        name: fileName(document, 'waterfall'),
        header: ['chip', 'effect', 'delta_mean', 'delta_lo', 'delta_hi', 'seeds', 'alone_mean', 'last_on_mean'],
        rows: waterfalls.flatMap(({ chip, ablation }) =>
          ablation.effects.map(({ name, delta, n, alone, lastOn }) => [
            chip.result.chip,
            name,
            delta.mean,
            delta.ci95?.[0],
            delta.ci95?.[1],
            n,
            alone?.mean,
            lastOn?.mean,
          ]),
        ),
      },
    ],
  };
}

function waterfallOf(chip: DrawnChip): Waterfall[] {
  const { ablation, accuracy } = chip.result;
  if (ablation === undefined || !isFiniteNumber(accuracy?.mean)) return [];
  const end = accuracy.mean;
  const start = end - ablation.total.mean;
  let level = start;
  const bars = ablation.effects.map((effect) => {
    const from = level;
    level += effect.delta.mean;
    return { effect, from, to: level };
  });
  return [{ chip, ablation, bars, start, end }];
}

/** @param score what the figure is called that the bars lead through */
function section(waterfall: Waterfall, score: string): string {
  const { chip, ablation } = waterfall;
  const how = ablation.mode === 'shapley' ? `mean over ${ablation.orders} orders` : 'one after another';
  return (
    element(
      'h3',
      {},
      chipName(chip),
      element('small', {}, escapeText(`${changeText(ablation.total)} points against ${ablation.reference}; effects ${how}`)),
    ) +
    narrowAndWide((width, suffix) => draw(waterfall, score, width, `waterfall-${chip.index}-${suffix}`)) +
    meanings(waterfall)
  );
}

function draw({ chip, bars, start, end }: Waterfall, score: string, width: number, id: string): string {
  const [lo, hi] = domainOf(bars, [start, end]);
  const frame: AxisFrame = { left: 2, right: width - 12, top: 0, bottom: (bars.length + 2) * ROW };
  const x = linearScale([lo, hi], [frame.left, frame.right]);
  const percent = linearScale([100 * lo, 100 * hi], [frame.left, frame.right]);
  const rows = bars.map(({ effect, from, to }, k) => {
    const top = (k + 1) * ROW;
    return [
      textAt(frame.left, top + 13, effect.name, { class: 'direct' }),
      textAt(frame.right, top + 13, changeText(effect.delta), { class: 'figure', 'text-anchor': 'end' }),
      line(x(to), top + BAR.top, x(to), top + ROW + BAR.top, 'grid'),
      rect(x(Math.min(from, to)), top + BAR.top, Math.max(1, Math.abs(x(to) - x(from))), BAR.height, { class: to < from ? 'bar' : 'fill' }),
      interval(effect.delta, from, x, [lo, hi], top + BAR.top + BAR.height / 2),
    ].join('');
  });
  const description = `${formatPercent(start)} without any effect of hardware. ${bars
    .map(({ effect }) => `${effect.name}: ${changeText(effect.delta)} points.`)
    .join(' ')} ${formatPercent(end)} on ${chip.result.title}.`;
  return svgFigure(
    {
      id,
      title: `${capital(score)} from ideal to ${chip.result.title}`,
      description,
      width,
      height: frame.bottom + 40,
      className: chip.className,
    },
    endRow(x(start), 0, `ideal, ${formatPercent(start)}`, frame),
    ...rows,
    endRow(x(end), (bars.length + 1) * ROW, `${width < 500 ? chip.result.chip : chip.result.title}, ${formatPercent(end)}`, frame),
    xAxis(frame, percent, niceTicks(100 * lo, 100 * hi, width < 500 ? 4 : 8), `${score}, %`),
  );
}

/** All bars, and their intervals as far as they reach beyond the bars by no more than the bars take: few seeds must not make bars invisible. */
function domainOf(bars: Waterfall['bars'], ends: readonly number[]): [number, number] {
  const levels = [...ends, ...bars.map(({ to }) => to)];
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const reach = [least - (most - least), most + (most - least)].map(withinShare);
  const limits = bars.flatMap(({ effect, from }) => effect.delta.ci95?.filter(isFiniteNumber).map((end) => from + end) ?? []);
  const [lo, hi] = niceDomain(Math.max(reach[0], Math.min(least, ...limits)), Math.min(reach[1], Math.max(most, ...limits)));
  return [withinShare(lo), withinShare(hi)];
}

const withinShare = (value: number): number => Math.min(1, Math.max(0, value));

/** Where the bars begin and end. */
const endRow = (at: number, top: number, label: string, frame: AxisFrame): string =>
  textAt(frame.left, top + 13, label, { class: 'label' }) + element('circle', { cx: at, cy: top + 25, r: 5, class: 'solid' });

function interval({ ci95 }: MeanOverSeeds, from: number, x: Scale, [lo, hi]: readonly [number, number], y: number): string {
  if (!ci95?.every(isFiniteNumber)) return '';
  const ends = ci95.map((end) => Math.min(hi, Math.max(lo, from + end)));
  const [left, right] = ends.map(x);
  const caps = ends.filter((end, k) => end === from + ci95[k]).map((end) => line(x(end), y - BAR.end, x(end), y + BAR.end, 'range'));
  return line(left, y, right, y, 'range') + caps.join('');
}

function changeText({ mean, ci95 }: MeanOverSeeds): string {
  return ci95 === null ? formatPoints(mean) : `${formatPoints(mean)} (${formatPoints(ci95[0])} to ${formatPoints(ci95[1])})`;
}

function meanings({ ablation }: Waterfall): string {
  const hasEnds = ablation.effects.some(({ alone }) => alone !== undefined);
  const change = (value: MeanOverSeeds | undefined): string => escapeText(value === undefined ? NONE : changeText(value));
  const rows = ablation.effects.map(({ name, meaning, alone, lastOn }) => [
    escapeText(name),
    escapeText(meaning),
    ...(hasEnds ? [change(alone), change(lastOn)] : []),
  ]);
  return element(
    'details',
    {},
    element('summary', {}, escapeText(hasEnds ? 'What the effects are; each alone, and each as the last' : 'What the effects are')),
    table('Effects', ['Effect', 'Meaning', ...(hasEnds ? ['Alone, points', 'As the last, points'] : [])], rows, [2, 3]),
  );
}
