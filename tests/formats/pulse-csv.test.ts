/** Measured pulses from text: units, orders of columns, and every fault with its line. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPulseCsv } from '../../formats/pulse-csv.ts';

const refused = (text: string): string => {
  try {
    readPulseCsv(text, 'cell.csv');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

test('columns in any order, units in the header, comments and blank lines', () => {
  const read = readPulseCsv('# a cell\ntime_us,conductance_uS,polarity,pulse\n0,2,start,0\n1,3.5,up,1\n\n2,3,down,2\n', 'cell.csv');
  assert.equal(Array.from(read.polarity), [0, 1, -1]);
  assert.equal(
    Array.from(read.conductance),
    [2, 3.5, 3].map((value) => value * 1e-6),
  );
});

test('resistances become conductances', () => {
  assert.ok(Math.abs(readPulseCsv('polarity,resistance_kohm\n1,50', 'cell.csv').conductance[0] - 2e-5) < 1e-18);
});

test('gaps, NaN, time that falls, missing lines and unknown polarities are all reported, with their lines', () => {
  const message = refused(
    [
      'pulse,time_s,polarity,conductance_uS',
      '0,0,start,1',
      '1,1,up,',
      '2,0.5,up,1.2',
      '4,2,up,NaN',
      '5,3,sideways,1.4',
      '6,4,up,-1',
      '7,5,up',
    ].join('\n'),
  );
  for (const part of [
    /cell.csv:3.*conductance_uS is missing/,
    /cell.csv:4.*time falls from 1 s to 0.5 s/,
    /cell.csv:5.*pulse jumps from 2 to 4/,
    /cell.csv:5.*conductance_uS is NaN/,
    /cell.csv:6.*polarity is "sideways"/,
    /cell.csv:7.*conductance_uS is -1/,
    /cell.csv:8.*has 3 values for 4 columns/,
  ])
    assert.match(message, part);
});

test('a header without units or with unknown columns is refused before any line is read', () => {
  assert.match(refused('polarity,conductance\n1,2'), /column "conductance" needs a unit \(conductance_S, /);
  assert.match(refused('polarity,conductance_uV\n1,2'), /needs a unit/);
  assert.match(refused('conductance_uS\n2'), /there is no column "polarity"/);
  assert.match(refused('polarity,volts\n1,2'), /unknown column "volts"/);
  assert.match(refused('polarity,conductance_S,resistance_ohm\n1,2,3'), /two columns with the state/);
  assert.match(refused(''), /cell.csv is empty/);
});

test('a long file of faults ends in a count', () => {
  assert.match(refused(`polarity,conductance_S\n${'up,\n'.repeat(50)}`), /and 30 more faults/);
});

test.run();
