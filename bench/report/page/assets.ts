/**
 * The files embedded in the page: its style, its scripts, and the chart libraries with their
 * licences.
 */
import { readFileSync } from 'node:fs';
import { colorStyle } from './colors.ts';

export interface Assets {
  style: string;
  /** In the order in which they must run. */
  scripts: string[];
  licences: string;
}

/** Our scripts, in the order in which they must run. */
const scripts = [
  'charts/parts.js',
  'charts/axes.js',
  'charts/end-labels.js',
  'charts/figures.js',
  'charts/tries.js',
  'charts/ratios.js',
  'charts/percentiles.js',
  'charts/over-time.js',
  'sort.js',
  'client.js',
];

const textAt = (path: string, from: string) => readFileSync(new URL(path, from), 'utf8');
const beside = (path: string) => textAt(path, import.meta.url);
let read: Assets | undefined;

export function assets(): Assets {
  const [d3, plot] = [import.meta.resolve('d3'), import.meta.resolve('@observablehq/plot')];
  return (read ??= {
    style: `${beside('style.css')}${colorStyle()}`,
    scripts: [
      textAt('../dist/d3.min.js', d3),
      textAt('../dist/plot.umd.min.js', plot),
      ...scripts.map(beside),
    ],
    licences: `d3: ${textAt('../LICENSE', d3)}\nPlot: ${textAt('../LICENSE', plot)}`.replaceAll(
      '--',
      '- -',
    ), // `--` would end a comment
  });
}
