/**
 * The colours of the report, once for light paper and once for dark screens. Chip colours follow the Okabe–Ito set (2008), which readers
 * with the common colour-vision deficiencies can tell apart, darkened or lightened until each reaches 3 : 1 against its background (WCAG 2.2,
 * 1.4.11); text colours reach 4.5 : 1. The ideal chip is graphite, because it is the yardstick and not a contestant.
 */

export interface Scheme {
  readonly paper: string;
  /** Cards and tables. */
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly link: string;
  readonly warn: string;
  readonly bad: string;
  /** Full strength of one-coloured maps (confusion matrix). */
  readonly sequential: string;
  /** [0] the reference chip, then the others in order; used in turn when there are more. */
  readonly chips: readonly string[];
  /** One colour per energy account, in the order of `ACCOUNTS`: brown shades for learning, blue for running the network, grey for leakage. */
  readonly accounts: readonly string[];
  /** Ends and middle of the two-sided scale of weights. */
  readonly negative: string;
  readonly neutral: string;
  readonly positive: string;
}

export const LIGHT: Scheme = {
  paper: '#faf9f6',
  surface: '#ffffff',
  ink: '#1e242c',
  muted: '#5a636e',
  rule: '#dcdad3',
  link: '#005a9c',
  warn: '#8a5200',
  bad: '#b3261e',
  sequential: '#1f62a8',
  chips: ['#545b66', '#0069b4', '#c8500a', '#00805f', '#9a4b93', '#94700a'],
  accounts: ['#5c94b8', '#bd8528', '#8f5a17', '#55350d', '#173f5c', '#356f96', '#858c95'],
  negative: '#1559a0',
  neutral: '#f1efea',
  positive: '#b5450b',
};

export const DARK: Scheme = {
  paper: '#14171c',
  surface: '#1b1f26',
  ink: '#e7e9ec',
  muted: '#a3acb8',
  rule: '#343a44',
  link: '#7cbcff',
  warn: '#f0b45a',
  bad: '#ff8f87',
  sequential: '#3f86d8',
  chips: ['#b4bcc8', '#5fb0f5', '#f58a4f', '#3fc79c', '#d79ad0', '#dab84a'],
  accounts: ['#b5d6ea', '#f0cf94', '#d19f4c', '#96692a', '#447594', '#75a9cb', '#98a1ac'],
  negative: '#5fb0f5',
  neutral: '#272c35',
  positive: '#f58a4f',
};

/** Steps of the two-sided scale, odd so that zero has its own. */
export const DIVERGING_STEPS = 21;

/** Colours of the two-sided scale from most negative to most positive. */
export function divergingColours(scheme: Scheme): string[] {
  const half = (DIVERGING_STEPS - 1) / 2;
  return Array.from({ length: DIVERGING_STEPS }, (_, k) => {
    const share = Math.abs(k - half) / half;
    return mix(scheme.neutral, k < half ? scheme.negative : scheme.positive, share);
  });
}

/** Linear mixture of two #rrggbb colours in sRGB. */
export function mix(from: string, to: string, share: number): string {
  const a = channels(from);
  const b = channels(to);
  return `#${a
    .map((value, k) =>
      Math.round(value + (b[k] - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** Contrast ratio of WCAG 2.2 between two #rrggbb colours, 1…21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
