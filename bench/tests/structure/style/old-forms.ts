/** Forms that only old or literary texts have. */
import { inProse } from './phrases.ts';
import type { Rule } from './rules.ts';

/** "is no leak" is old, "there is no leak" and "is no longer" are not. */
const noThing =
  '(?:leaks?|pass|errors?|failures?|servers?|URLs?|numbers?|options?|metrics?|streams?|scenarios?|events?|answers?|files?|process|reason|fault|loss)';

export const oldForms: readonly Rule[] = [
  inProse(
    'a number of',
    'so many',
    '(?:to|after|in|of|by|at|for|than|every|each|takes?) so many\\b(?!.* that\\b)',
  ),
  // "stays as it is" is fine.
  inProse(
    'unchanged',
    'as it is',
    'as (?<!\\b(?:stays?|left|leaves?) as )(?:it is|they are|it was|they were) END',
  ),
  inProse('as expected', 'as it was expected', 'as (?:it|they) BE expected\\b'),
  inProse(
    'still, anyway',
    'all the same',
    'all (?<!\\b(?:is|are|be|was|were|or|they) all )the same END',
  ),
  inProse('especially', 'the more so', 'the more so\\b'),
  inProse('no longer', 'comes no more', '(?:is|are|comes?|does|do|starts?|and) no more END'),
  inProse(
    'a common word',
    'lest, wherein, spared',
    '(?:lest|wherein|thereof|therein|hitherto|henceforth|whence|thence|whither|nought|albeit|spared)\\b',
  ),
  inProse('than a client that …', 'than who …', '(?:from|than|of|for|by|but) who (?!.*\\?)'),
  inProse('a user that …', 'whoever …', 'whoever\\b'),
  inProse(
    'is not a leak',
    'is no leak',
    `(?:is|are|was|were) (?<!\\bt?here \\w+ )(?:still )?no ${noThing}\\b`,
  ),
  inProse(
    'the inspection failed',
    'nobody could look',
    'nobody (?:says?|looks?|may|(?:can|could) (?:look|judge|have))\\b',
  ),
  inProse('all, full', 'the whole of it', 'the whole of (?:it|them|this)\\b'),
  inProse('the fault itself', 'not what it should be', 'not what (?:it|they) should be\\b'),
  inProse('in production', 'as in life', 'in life\\b'),
  inProse('ssebench waits for', 'is waited for', 'BE waited for\\b'),
  inProse('could not be verified', 'is not shown to hold', 'BE (?:not )?shown to\\b'),
  inProse(
    'an existing metric, a missing file',
    'a metric that there is, a file that is not there',
    'that there (?:is|are|was|were) END',
    '(?:that|who|which) (?:is|are|was|were) (?:not )?there\\b',
  ),
  inProse('not available', 'cannot be had', 'be had\\b'),
  inProse('regenerated', 'made again', 'made again\\b', 'makes? (?:it|them) again\\b'),
  inProse(
    'differently',
    'measured otherwise',
    '(?:measured|made|done|built|sent|set|called) otherwise\\b',
  ),
  inProse('for', 'for the sake of', 'for the sake of\\b'),
  inProse('no events arrive', 'brings nothing', 'brings? nothing\\b'),
];
