/**
 * A panel of the report: heading, figure, one sentence that says how to read it, and the numbers as a file. Panels are plain values; a
 * panel function returns null when the document holds nothing to draw.
 */
import type { ChipResult, ResultDocument } from '../experiments/result.ts';
import { chipSlots } from './compare.ts';
import type { DataFile } from './csv.ts';
import { dataLink, slug } from './csv.ts';
import { LIGHT } from './palette.ts';
import { element, escapeText } from './svg.ts';

export interface Panel {
  /** Anchor on the page. */
  readonly id: string;
  readonly heading: string;
  /** Markup. */
  readonly body: string;
  /** Plain text: how to read the figure. */
  readonly caption: string;
  readonly files: readonly DataFile[];
}

/** A chip with the class name of its colour. */
export interface DrawnChip {
  readonly result: ChipResult;
  /** Position in the document, for element ids. */
  readonly index: number;
  readonly className: string;
}

export function drawnChips(document: ResultDocument): DrawnChip[] {
  const slots = chipSlots(document.results);
  const colours = LIGHT.chips.length;
  return document.results.map((result, index) => {
    const slot = slots[index];
    return { result, index, className: `chip-${slot === 0 ? 0 : 1 + ((slot - 1) % (colours - 1))}` };
  });
}

export function renderPanel(panel: Panel): string {
  const links = panel.files.map(dataLink).join(' ');
  const caption = element('figcaption', {}, element('span', {}, escapeText(panel.caption)), links === '' ? '' : ` ${links}`);
  const headingId = `${panel.id}-heading`;
  return element(
    'section',
    { id: panel.id, 'aria-labelledby': headingId },
    element('h2', { id: headingId }, escapeText(panel.heading)),
    element('figure', {}, panel.body, caption),
  );
}

/** Chip name with its colour mark. */
export function chipName(chip: DrawnChip): string {
  return element(
    'span',
    { class: `chip-name ${chip.className}` },
    element('i', { class: 'dot', 'aria-hidden': 'true' }, ''),
    escapeText(chip.result.title),
  );
}

export interface Tile {
  /** Markup. */
  readonly heading: string;
  /** Markup. */
  readonly body: string;
  /** Plain text under the figure, e.g. how it was sampled. */
  readonly note?: string;
}

/** Side by side as the width allows. */
export function tiles(list: readonly Tile[]): string {
  const items = list.map(({ heading, body, note }) =>
    element('div', { class: 'card' }, element('h3', {}, heading), body, note ? element('p', { class: 'note' }, escapeText(note)) : ''),
  );
  return element('div', { class: 'cards' }, ...items);
}

export interface Card extends Omit<Tile, 'heading'> {
  readonly chip: DrawnChip;
}

/** One card per chip. */
export const cards = (list: readonly Card[]): string => tiles(list.map(({ chip, ...rest }) => ({ heading: chipName(chip), ...rest })));

/** A table that scrolls sideways inside its own box on a narrow screen. Cells are markup. */
export function table(
  label: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string {
  const alignment = (k: number): string | undefined => (numeric.includes(k) ? 'num' : undefined);
  const head = header.map((text, k) => element('th', { scope: 'col', class: alignment(k) }, escapeText(text)));
  const body = rows.map((row) =>
    element(
      'tr',
      {},
      ...row.map((cell, k) => (k === 0 ? element('th', { scope: 'row' }, cell) : element('td', { class: alignment(k) }, cell))),
    ),
  );
  return element(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': label, tabindex: '0' },
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body)),
  );
}

/** The same drawing made for a narrow and a wide page; the style sheet shows one of them. */
export function narrowAndWide(draw: (width: number, idSuffix: string) => string): string {
  return element('div', { class: 'only-narrow' }, draw(340, 'narrow')) + element('div', { class: 'only-wide' }, draw(1040, 'wide'));
}

export function fileName(document: ResultDocument, what: string): string {
  return `${slug(document.scenario)}-${what}.csv`;
}
