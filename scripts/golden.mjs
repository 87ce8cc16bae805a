/**
 * `HILLOCK_GOLDEN=<folder> npm run golden` (or `npm run golden -- <folder>`) checks a folder of recorded cases with the built package: one line
 * for each case that is not reproduced, with what differs first, and a last line `N passed, N failed`. Exit 1 if any failed or none was found.
 */
import { goldenReport } from '../dist/index.js';

const folder = process.env.HILLOCK_GOLDEN || process.argv[2];
try {
  if (folder === undefined) throw new Error('say where the recorded cases are: HILLOCK_GOLDEN=<folder> npm run golden');
  const { lines, ok } = goldenReport(folder);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!ok) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`golden: ${error.message}\n`);
  process.stdout.write('0 passed, 0 failed\n');
  process.exitCode = 1;
}
