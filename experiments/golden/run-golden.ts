/**
 * Runs a folder of recorded cases through the public functions that claim to reproduce them. Every JSON file below the folder is one case (an
 * `index.json` lists them where there is one); its `kind` says which check it goes through. New families are new files with a table of checks,
 * and one line here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { Difference } from './compare.ts';
import { crossbarArrayRecordings } from './crossbar-arrays.ts';
import { crossbarDeviceRecordings } from './crossbar-devices.ts';
import { learningRecordings } from './loihi-learning.ts';
import { neuronRecordings } from './loihi-neurons.ts';
import { unitRecordings } from './loihi-units.ts';
import { weightRecordings } from './loihi-weights.ts';
import { nengoRecordings } from './nengo.ts';
import type { Check, Family, Recording } from './recording.ts';

const CHECKS: Family = {
  ...neuronRecordings,
  ...learningRecordings,
  ...weightRecordings,
  ...unitRecordings,
  ...nengoRecordings,
  ...crossbarDeviceRecordings,
  ...crossbarArrayRecordings,
};

export interface GoldenResult {
  /** Path inside the folder, with `/`. */
  readonly file: string;
  /** What differs first; absent if the case is reproduced. */
  readonly complaint?: string;
}

/** Kinds of recordings that can be checked. */
export const goldenKinds = (): string[] => Object.keys(CHECKS).sort();

/** All cases of a folder, in the order of its index or of their names. */
export function goldenFiles(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new UserError([
      { code: 'E-GOLDEN-FOLDER', message: `${folder}: there is no such folder`, hint: 'name a folder of recorded cases' },
    ]);
  }
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.json') && !/(^|\/)index\.json$/.test(path))
    .sort();
  const index = join(folder, 'index.json');
  if (!existsSync(index)) return found;
  // what the index names but the folder lacks is a case that cannot pass
  const listed = indexedFiles(JSON.parse(readFileSync(index, 'utf8')));
  return [...new Set([...listed, ...found])];
}

function indexedFiles(index: unknown): string[] {
  const files = Array.isArray(index) ? index : ((index as { files?: unknown }).files ?? []);
  if (!Array.isArray(files)) return [];
  return files.flatMap((entry): string[] => (typeof entry === 'string' ? [entry] : typeof entry?.file === 'string' ? [entry.file] : []));
}

export function runGolden(folder: string): GoldenResult[] {
  return goldenFiles(folder).map((file) => {
    const complaint = complaintAbout(join(folder, file), file);
    return complaint === undefined ? { file } : { file, complaint };
  });
}

function complaintAbout(path: string, file: string): string | undefined {
  try {
    // recordings written by Python may hold NaN, which JSON does not have
    const recording: Recording = JSON.parse(readFileSync(path, 'utf8').replace(/(?<=[[,:]\s*)-?(NaN|Infinity)(?=\s*[\],}])/g, 'null'));
    const check = checkFor(recording, file);
    if (check === undefined) {
      return recording.kind === undefined
        ? 'no check for a file of this name, and it gives no kind'
        : `no check for the kind "${recording.kind}"`;
    }
    check(recording, { name: nameOf(file), path });
    return undefined;
  } catch (error) {
    if (error instanceof Difference || error instanceof UserError) return error.message;
    return `${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

/** By kind, else by name: `ns_update_epiram` goes to `ns_update_epiram`, else to `ns_update`, else to `ns`. */
function checkFor({ kind }: Recording, file: string): Check | undefined {
  const parts = nameOf(file).split('_');
  const names = parts.map((_, n) => parts.slice(0, parts.length - n).join('_'));
  const key = [kind, ...names].find((one) => one !== undefined && Object.hasOwn(CHECKS, one));
  return key === undefined ? undefined : CHECKS[key];
}

/** The lines that `npm run golden` prints, and whether all cases passed. The last line is `N passed, N failed`. */
export function goldenReport(folder: string): { lines: string[]; ok: boolean } {
  const results = runGolden(folder);
  const failed = results.filter(({ complaint }) => complaint !== undefined);
  const lines = failed.map(({ file, complaint }) => `FAIL  ${file}  ${complaint?.replaceAll('\n', ' ')}`);
  const passed = results.length - failed.length;
  return { lines: [...lines, `${passed} passed, ${failed.length} failed`], ok: failed.length === 0 && passed > 0 };
}
