/**
 * The files embedded in the page: its style, its scripts, and the chart libraries with their
 * licences.
 */
import { readFileSync } from 'node:fs';

export interface Assets {
  style: string;
  /** The scripts that draw, in the order in which they must run. */
  libraries: string[];
  client: string;
  licences: string;
}

const textAt = (path: string, from: string) => readFileSync(new URL(path, from), 'utf8');
const beside = (path: string) => textAt(path, import.meta.url);
let read: Assets | undefined;

export function assets(): Assets {
  const [d3, plot] = [import.meta.resolve('d3'), import.meta.resolve('@observablehq/plot')];
  return (read ??= {
    style: beside('style.css'),
    libraries: [
      textAt('../dist/d3.min.js', d3),
      textAt('../dist/plot.umd.min.js', plot),
      beside('charts.js'),
    ],
    client: beside('client.js'),
    licences: `d3: ${textAt('../LICENSE', d3)}\nPlot: ${textAt('../LICENSE', plot)}`.replaceAll(
      '--',
      '- -',
    ), // `--` would end a comment
  });
}
