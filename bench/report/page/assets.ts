/**
 * The files embedded in the page: its style, its scripts, and the chart libraries with their
 * licences.
 */
import { existsSync, readFileSync } from 'node:fs';
import { colorStyle } from './colors.ts';

export interface Assets {
  style: string;
  /** In the order in which they must run. */
  scripts: string[];
  licences: string;
}

/** A chart library: the name of its package, and of its file for browsers. */
export interface ChartLibrary {
  name: string;
  script: string;
}

/** In the order in which they must run. */
export const chartLibraries: readonly ChartLibrary[] = [
  { name: 'd3', script: 'dist/d3.min.js' },
  { name: '@observablehq/plot', script: 'dist/plot.umd.min.js' },
];

const copies = new URL('libraries/', import.meta.url);

/**
 * The folder of a chart library. The build copies the two files that the page needs, so that users
 * do not install all of D3. In the repository, the libraries are development dependencies.
 */
export const libraryFolder = (name: string): URL =>
  existsSync(copies) ? new URL(`${name}/`, copies) : new URL('../', import.meta.resolve(name));

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

const textAt = (path: string, from: string | URL) => readFileSync(new URL(path, from), 'utf8');
const beside = (path: string) => textAt(path, import.meta.url);
let read: Assets | undefined;

export function assets(): Assets {
  const library = ({ name }: ChartLibrary, file: string) => textAt(file, libraryFolder(name));
  return (read ??= {
    style: `${beside('style.css')}${colorStyle()}`,
    scripts: [...chartLibraries.map((each) => library(each, each.script)), ...scripts.map(beside)],
    licences: chartLibraries
      .map((each) => `${each.name}: ${library(each, 'LICENSE')}`)
      .join('\n')
      .replaceAll('--', '- -'), // `--` would end a comment
  });
}
