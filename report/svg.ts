/**
 * The few pieces of SVG that the figures need: escaping, elements, linear scales, paths. Coordinates are user units, about one CSS pixel
 * at the drawn size, and are written with at most one decimal to keep the file small. Colours and type sizes come from the page's style
 * sheet by class name, so one drawing serves light paper, dark screen and print.
 */
import { InternalError } from '../core/errors.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text made safe for element content and quoted attributes; characters that XML forbids become U+FFFD. */
export function escapeText(text: unknown): string {
  return (
    String(text)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this line removes
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
      .replace(/[&<>"']/g, (character) => ENTITIES[character])
  );
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element. Attribute values are escaped here; children are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeText(value)}"`;
  }
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** A coordinate with at most one decimal. Figures leave out what is not finite before they come here. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new InternalError(`a figure of the report got the coordinate ${value}`);
  const rounded = Math.round(value * 10) / 10;
  return String(rounded === 0 ? 0 : rounded);
}

export function textAt(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(text));
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return element('line', { x1, y1, x2, y2, class: className });
}

export function rect(x: number, y: number, width: number, height: number, attributes: Attributes): string {
  return element('rect', { x, y, width: Math.max(0, width), height: Math.max(0, height), ...attributes });
}

/** Maps a value to a coordinate. */
export type Scale = (value: number) => number;

/** Linear map of `domain` onto `range`; an empty domain maps to the middle of the range. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  return d1 === d0 ? () => (r0 + r1) / 2 : (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
}

/** The same with the logarithm of the value; all values are above zero. */
export function logScale([from, to]: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linearScale([Math.log10(from), Math.log10(to)], range);
  return (value) => scale(Math.log10(value));
}

export type Point = readonly [x: number, y: number];

/** Path through the points; a point that is not finite breaks the line. */
export function linePath(points: readonly Point[]): string {
  let path = '';
  let pen = 'M';
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${coordinate(x)} ${coordinate(y)}`;
    pen = 'L';
  }
  return path;
}

/** Closed area between an upper and a lower line over the same abscissae; points that are not finite are left out. */
export function bandPath(upper: readonly Point[], lower: readonly Point[]): string {
  const finite = upper.map(([x, y], k) => [x, y, lower[k][1]].every(Number.isFinite));
  const outline = [...upper.filter((_, k) => finite[k]), ...lower.filter((_, k) => finite[k]).reverse()];
  return outline.length < 4 ? '' : `${linePath(outline)}Z`;
}

export interface FigureFrame {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What the figure shows, in words, for readers who cannot see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly className?: string;
}

/** The svg element with its title and description, named for assistive technology. */
export function svgFigure(frame: FigureFrame, ...body: readonly string[]): string {
  const { id, title, description, width, height, className } = frame;
  return element(
    'svg',
    {
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      class: className,
    },
    element('title', { id: `${id}-title` }, escapeText(title)),
    element('desc', { id: `${id}-desc` }, escapeText(description)),
    ...body,
  );
}
