/** `--fail-on`, which `run` and `compare` share. */
import { optionAsTyped, type Mentions } from '../scenario/complaint.ts';
import { isRefusal, oneOf } from '../scenario/option.ts';
import { failOnWords, type FailOn } from '../verdict/comparison.ts';

export function readFailOn(mentions: Mentions): {
  failOn: FailOn | undefined;
  complaints: string[];
} {
  const { read } = oneOf(failOnWords);
  const values = mentions.map((text) => ({ text, value: read(String(text)) }));
  const complaints = values.flatMap(({ text, value }) =>
    isRefusal(value) ? [`${optionAsTyped('--fail-on', text)}: must be ${value.must}`] : [],
  );
  const last = values.at(-1)?.value;
  return { failOn: last === undefined || isRefusal(last) ? undefined : last, complaints };
}
