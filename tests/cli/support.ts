/** The command line inside the test's own process: a terminal that is none, and files in a temporary folder. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Answer, Terminal } from '../../cli/answer.ts';
import { runCommandLine } from '../../cli/command-line.ts';
import { timeless } from '../../cli/provenance.ts';

export interface Trial extends Answer {
  /** What was written to stderr, progress included. */
  readonly said: string;
}

export interface Bench {
  readonly folder: string;
  readonly path: (name: string) => string;
  /** Writes a file and returns its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly hillock: (words: readonly string[], terminal?: Partial<Terminal>) => Promise<Trial>;
  readonly remove: () => void;
}

export function openBench(): Bench {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hillock-cli-')));
  const path = (name: string): string => join(folder, name);
  return {
    folder,
    path,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
    hillock: async (words, given = {}) => {
      const pieces: string[] = [];
      const terminal: Terminal = {
        write: (text) => void pieces.push(text),
        isInteractive: false,
        columns: 80,
        colour: false,
        readStandardInput: async () => '',
        signal: new AbortController().signal,
        ...given,
      };
      const answer = await runCommandLine(words, terminal);
      return { ...answer, said: pieces.join('') + answer.stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A document without what may differ between two equal runs: times, and the command with its folder. */
export const withoutTimes = timeless;
