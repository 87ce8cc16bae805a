/**
 * What a verb answers: text for stdout (the result and nothing else), text for stderr (everything else), an exit code. Verbs never write by
 * themselves, except progress while they work; so they can be called, and tested, without a process around them.
 */
import type { ExitCode } from '../core/errors.ts';
import { EXIT } from '../core/errors.ts';
import { RESULT_SCHEMA } from '../experiments/result.ts';
import { VERSION } from '../experiments/version.ts';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: ExitCode;
}

/** What a verb may use of the world it was called from. */
export interface Terminal {
  /** Writes to stderr at once, for progress. */
  readonly write: (text: string) => void;
  /** Whether stderr is a terminal that a line can be redrawn on, and its width in characters. */
  readonly isInteractive: boolean;
  readonly columns: number;
  /** Whether stdout takes colours. */
  readonly colour: boolean;
  readonly readStandardInput: () => Promise<string>;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** The one JSON document of a verb; keys stable within a schema number. */
export function jsonText(verb: string, ok: boolean, content: object): string {
  return documentText({ tool: 'hillock', version: VERSION, schema: RESULT_SCHEMA, verb, ok, ...content });
}

export function documentText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function answer(stdout: string, stderr = '', exitCode: ExitCode = EXIT.ok): Answer {
  return { stdout, stderr, exitCode };
}
