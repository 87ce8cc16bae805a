import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DataFile } from '../../report/csv.ts';
import { csvText, slug } from '../../report/csv.ts';
import { bandPath, coordinate, element, escapeText, linearScale, linePath, logScale } from '../../report/svg.ts';

test('markup and control characters in text lose their power', () => {
  assert.is(escapeText(`<a href="x">'&'`), '&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;');
  assert.is(escapeText('a\u0000b\ud800c'), 'a\ufffdb\ufffdc');
  assert.is(escapeText('pixels → digits 😀\n'), 'pixels → digits 😀\n');
});

test('attributes are escaped, numbers rounded, undefined ones left out', () => {
  assert.is(element('rect', { x: 1.26, y: -0.01, class: undefined, title: '"' }), '<rect x="1.3" y="0" title="&quot;"/>');
  assert.is(element('i', {}, ''), '<i></i>');
});

test('a coordinate that is not finite is an error of ours', () => {
  assert.throws(() => coordinate(Number.NaN), /this is a bug in hillock/);
});

test('a scale maps its domain onto its range, and an empty domain onto the middle', () => {
  assert.is(linearScale([0, 10], [100, 0])(2.5), 75);
  assert.is(linearScale([3, 3], [0, 10])(3), 5);
});

test('a logarithmic scale maps decades onto equal lengths', () => {
  const scale = logScale([0.01, 100], [0, 40]);
  assert.equal([0.01, 0.1, 1, 10, 100].map(scale), [0, 10, 20, 30, 40]);
});

test('a line breaks where a point is missing', () => {
  const points = [
    [0, 0],
    [1, Number.NaN],
    [2, 2],
    [3, 3],
  ] as const;
  assert.is(linePath(points), 'M0 0M2 2L3 3');
});

test('a band runs along the upper line and back along the lower one', () => {
  const at = (...ys: number[]): [number, number][] => ys.map((y, x) => [x, y]);
  assert.is(bandPath(at(1, Number.NaN, 3), at(0, 0, 2)), 'M0 1L2 3L2 2L0 0Z');
  assert.is(bandPath(at(1), at(0)), '');
});

test('a CSV cell is quoted when it must be and empty when there is no number', () => {
  const file: DataFile = {
    name: 'x.csv',
    header: ['a', 'b,c'],
    rows: [
      ['say "hi"', 0.1 + 0.2],
      [null, Number.NaN],
      ['two\nlines', -1e-9],
    ],
  };
  assert.is(csvText(file), 'a,"b,c"\r\n"say ""hi""",0.3\r\n,\r\n"two\nlines",-1e-9\r\n');
});

test('file names hold nothing but letters, digits and hyphens', () => {
  assert.is(slug('../Digits & more: 8×8'), 'digits-more-8-8');
  assert.is(slug('///'), 'report');
});

test.run();
