/** `hillock serve`: the live page of a folder that a run of another process fills, or has filled. It ends with an interrupt. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import { readProgress } from '../experiments/live/progress-file.ts';
import { folderSource } from '../report/live/folder-source.ts';
import { startLiveServer } from '../report/live/live-server.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { portOf } from './option-values.ts';
import { REPORT_FILE, RESULT_FILE } from './write-results.ts';

export interface ServeOptions {
  readonly port?: string;
  readonly json?: boolean;
}

export async function serve(folder: string, options: ServeOptions, terminal: Terminal): Promise<Answer> {
  const problems: Problem[] = [];
  const port = portOf(options.port, problems);
  if (readProgress(folder) === undefined && !existsSync(join(folder, RESULT_FILE))) {
    problems.push({
      code: 'E-READ',
      message: `${folder} holds no run: neither progress.json of one under way nor ${RESULT_FILE} of one that has ended`,
      hint: 'give the folder that a run was told with --out',
      got: folder,
    });
  }
  if (problems.length > 0) throw new UserError(problems);
  const source = await folderSource(folder, { result: RESULT_FILE, report: REPORT_FILE }, () => Date.now());
  const server = await startLiveServer(source, port);
  terminal.write(`serving ${folder} at ${server.url} until interrupted\n`);
  await new Promise<void>((done) => {
    if (terminal.signal.aborted) done();
    else terminal.signal.addEventListener('abort', () => done(), { once: true });
  });
  await server.close();
  return answer(options.json === true ? jsonText('serve', true, { folder, url: server.url }) : '');
}
