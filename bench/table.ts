/** Results as text: a table in the Markdown of `bench/README.md`, readable on a terminal as it is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Comparison } from './compare.ts';
import type { Spread } from './statistics.ts';

/** The machine in one line, without a date. */
export const machine = (): string =>
  `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${process.platform} ${process.arch}, Node ${process.versions.node}`;

const digits = (value: number, figures = 3): string => Number(value.toPrecision(figures)).toString();
export const spreadText = ({ median, min, max }: Spread, figures = 3): string =>
  `${digits(median, figures)} (${digits(min, figures)} … ${digits(max, figures)})`;

export function comparisonTable({ results, ratios }: Comparison): string {
  const header = ['engine', 'threads', 'loop, s', 'wait, s', 'n', 'peak, MB', 'spikes', 'rate, Hz', 'CV'];
  const rows = results.map(({ engine, variant, threads, loopSeconds, waitSeconds, peakBytes, spikes, meanRateHz, cv }) => [
    `${engine} ${variant}`,
    `${threads}`,
    spreadText(loopSeconds),
    spreadText(waitSeconds),
    `${loopSeconds.n}`,
    `${Math.round(peakBytes / 1e6)}`,
    `${spikes}`,
    digits(meanRateHz, 4),
    cv === null ? '–' : cv.toFixed(3),
  ]);
  const lines = Object.entries(ratios).map(([name, { loop, wait }]) => `- ${name}: loop ${spreadText(loop)} ×, wait ${spreadText(wait)} ×`);
  return [markdownTable(header, rows), ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, c) => Math.max(title.length, 3, ...rows.map((row) => row[c].length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Puts `body` between the markers of `section`, which are added at the end when they are not there yet. */
export function writeSection(path: string, section: string, body: string): void {
  writeFileSync(path, replaceSection(readFileSync(path, 'utf8'), section, body));
}

export function replaceSection(text: string, section: string, body: string): string {
  const [start, end] = [`<!-- ${section}: start -->`, `<!-- ${section}: end -->`];
  const block = `${start}\n${body}\n${end}`;
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  return from < 0 || to < from ? `${text.trimEnd()}\n\n${block}\n` : text.slice(0, from) + block + text.slice(to + end.length);
}
