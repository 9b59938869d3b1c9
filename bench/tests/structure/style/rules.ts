/** The rules of our prose, as data. CONTRIBUTING shows the terms; a test keeps it up to date. */

export interface Rule {
  /**
   * Searched in each sentence without regard to case. Pieces of code are masked by `·`. For
   * identifiers and file names: a word of them, such as `look` and `into` in `lookInto`.
   */
  pattern: RegExp;
  where: readonly ('prose' | 'identifiers' | 'file names')[];
  not: string;
  write: string;
}

const prose = (pattern: RegExp, not: string, write: string): Rule => ({
  pattern,
  where: ['prose'],
  not,
  write,
});

const mainVerbs = 'counts?|stays?|stands?|holds?|hides?|becomes?|goes|wins?|comes?|ends?';
const numerals = 'one|two|three|four|five|six|seven|eight|nine|ten|hundreds?|thousands?';

/** No sentence begins with a clause that is used as a noun, and none with "of". */
const beginnings: readonly Rule[] = [
  prose(/^(?:who|whoever|whose)\b(?!.*\?$) \w/, 'Who leaves …', 'A client that leaves …'),
  prose(/^(?:whatever|whichever)\b/, 'Whatever …', 'name the thing'),
  prose(/^what\b(?! if\b)(?!.*\?).*\.$/, 'What is made once …', 'An object created once …'),
  prose(
    new RegExp(
      `^what (?:(?:is|was|are|were) .*|(?:it|they|(?:an?|the|each) \\w+) \\w+ .*)\\b(?:is|are|was|were|has|have|${mainVerbs})\\b(?!.*\\?)`,
    ),
    'what is left out is reported',
    'name the thing: the omitted rounds are reported',
  ),
  prose(
    /^those (?:that|who|which|of)\b|^that (?:which|who)\b/,
    'Those that stay …',
    'The remaining streams …',
  ),
  prose(
    new RegExp(
      `^of (?!course\\b|the (?:latter|former)\\b|(?:the |these |its |all )?(?:[\\d·]|${numerals})[^,]*,)(?=.*[,:]|(?:\\S+ ){5})`,
    ),
    'Of a URL only …',
    'For a URL, …',
  ),
  prose(
    /^where (?!to\b)[^?:,]*, (?!if\b|and\b|or\b|with\b|in\b|which\b|as\b)[^?]*$/,
    'Where nobody could look, …',
    'If …',
  ),
];

const be = '(?:is|are|was|were|be|been|being)';
const again = (words: string) => new RegExp(words.replaceAll('BE', be));
const departures =
  '(?! (?:a|an|the|no|its|their|any|only|out|it|them|room|behind|open|unread|nothing|something|half|data|bytes|resources|to|of|in the|over|for)\\b)';

/** One term for one thing. Words with several meanings match only in phrases. */
const terms: readonly Rule[] = [
  prose(/\b(?:comes?|came|coming) (?:back|again)\b/, 'come again, come back', 'reconnect'),
  prose(/\blet(?:s|ting)? go\b/, 'let go of', 'release'),
  prose(
    again('\\b(?:BE|not) told\\b(?! apart| to\\b)|\\btells? (?:of|the lines?|what|who|which)\\b'),
    'tell, is told',
    'report, print',
  ),
  prose(
    again('\\bBE said\\b|\\bsaid (?:beside|of|so)\\b|\\bsays? (?:of|nothing)\\b'),
    'say, said beside',
    'given explicitly, on the command line; report',
  ),
  prose(
    again('\\bBE typed\\b|\\btyped options?\\b'),
    'typed',
    'given explicitly, on the command line',
  ),
  prose(
    again(
      '\\b(?:BE|which|that|one) asked for(?=[.,;:)]|$| (?:by|and|or|in|at)\\b)|\\b(?:BE asked|to ask) of\\b|\\bwhat BE asked\\b',
    ),
    'asked for',
    'given explicitly, requested',
  ),
  prose(/\b(?:bears?|bore|borne|bearable)\b/, 'bear', 'sustain (a load)'),
  prose(
    /\b(?:the|its|their|a|each|of|in|all) measuring(?=[.,;:)]|$| (?:is|was|has|ended|ends?|begins?|began|starts?|started|in|of|and|or|that|which|when|after|before|at|by|with|to|took|lasts?|itself|alone|only|did|does|could|can|may)\b)/,
    'the measuring',
    'the measurement, the measuring phase',
  ),
  prose(/\b(?:goes|go|went|going) before\b/, 'goes before', 'overrides'),
  prose(/\bbeliev\w*/, 'not to be believed', 'invalid'),
  prose(
    /\b(?:stands?|stood|standing) still\b|\bstandstills?\b/,
    'stand still, standstill',
    'pause, stall',
  ),
  prose(
    /\bservers? (?:that |which |of )?(?:is |are )?(?:not )?ours\b|\b(?:one|those|some|none|all) of ours\b|^ours$/,
    'ours, server that is ours',
    'reference server',
  ),
  prose(
    /\bthose (?:that|who|which) (?:stay|stayed|remain)\b|\bwho stays?\b/,
    'those that stay',
    'remaining streams',
  ),
  prose(
    again(
      '\\b(?:could|can|cannot|may|did) (?:not )?look\\b|\\blook(?:s|ed|ing)? (?:into|inside|from outside|from inside)\\b|\\bBE looked (?:at|into|for)\\b|\\blook(?:s|ed|ing) at\\b|\\b(?:first|second|last|each|every|one|two|a|the|of|no|another) looks?\\b(?! (?:like|at|for|up)\\b)',
    ),
    'look at, look into, could not look',
    'inspect, inspection; not inspected',
  ),
  prose(
    /\bodd\b(?!-| (?:numbers?|counts?|and even|or even|rounds?|ind(?:ex|ices)|rows?|lines?|length)\b)(?<!\beven (?:or|and) odd)|\boddit(?:y|ies)\b|\boddly\b/,
    'odd',
    'unexpected',
  ),
  prose(/\bways? (?:to leave|of leaving|out)\b/, 'way to leave, way out', 'disconnect mode'),
  prose(
    new RegExp(
      `\\b(?:clients?|crowds?|users?|readers?)(?: that| who| which)? (?:leaves?|leaving|left|have left|has left|had left)\\b${departures}|\\b(?:when|before|while|until|as|once|after) (?:they|those|all|others|the others|half|he|she) (?:leaves?|left)\\b${departures}|\\bleavers?\\b`,
    ),
    'leave (of a client)',
    'disconnect',
  ),
  prose(
    again(
      '\\b(?:clients?|streams?|readers?|connections?|that|who|which) (?:have|has|had|BE) gone\\b',
    ),
    'go (of a client or a stream)',
    'disconnect, close, end',
  ),
  prose(/\bturn(?:s|ed|ing)? (?:\w+ )?away\b/, 'turn away', 'refuse'),
  prose(/\bas (?:fast as )?(?:they are|it is) read\b/, 'as they are read', 'unlimited rate'),
  prose(
    /\bwhat (?:the|its|their|a|these) sockets? (?:can |could )?takes?\b/,
    'what the sockets take',
    'backpressure',
  ),
  prose(/\btroubles?\b/, 'trouble', 'fail, failure cause'),
  prose(/\btarget servers?\b|\bserver targets?\b/, 'target (of a server)', 'server under test'),
  prose(/\b(?:the|each|every|this) subjects?\b(?! line\b|s? of\b)/, 'subject', 'server under test'),
  {
    pattern: /\bpresets?\b/,
    where: ['prose', 'identifiers', 'file names'],
    not: 'preset',
    write: 'scenario, API',
  },
  prose(/\bunusual loads?\b|\bstor(?:y|ies)\b/, 'unusual load, story', 'load kind'),
];

/** Forms that only old or literary texts have. */
const archaic: readonly Rule[] = [
  prose(
    /\b(?:to|after|in|of|by|at|for|than|every|each|takes?) so many\b(?!.* that\b)/,
    'so many',
    'a number of',
  ),
  prose(
    /(?<!\b(?:stays?|left|leaves?) )\bas (?:it is|they are|it was|they were)(?=[.,;:)]|$)/,
    'as it is',
    'unchanged',
  ),
  prose(/\bas (?:it|they) (?:is|was|are|were) expected\b/, 'as it was expected', 'as expected'),
  prose(
    /(?<!\b(?:is|are|be|was|were|or|they) )\ball the same(?=[.,;:)]| \(|$)/,
    'all the same',
    'still, anyway',
  ),
  prose(/\bthe more so\b/, 'the more so', 'especially'),
  prose(/\bno more(?=[.;:)]|$)(?<!any|at most .*)/, 'comes no more', 'no longer'),
  prose(
    /\b(?:lest|wherein|thereof|therein|hitherto|henceforth|whence|thence|whither|nought|albeit|spared)\b/,
    'lest, wherein, spared',
    'a common word',
  ),
  prose(/\b(?:from|than|of|for|by|but) who (?!.*\?)/, 'than who …', 'than a client that …'),
  prose(
    /(?<!\b(?:there|here|that there) )\b(?:is|are|was|were) no (?:leaks?|pass|errors?|failures?|servers?|URLs?|numbers?|options?|metrics?|streams?|scenarios?|events?|answers?|files?|processe?s?|reason|fault|loss)\b/,
    'is no leak',
    'is not a leak',
  ),
  prose(/\bin life\b/, 'as in life', 'in production'),
  prose(again('\\bBE waited for\\b'), 'is waited for', 'ssebench waits for'),
  prose(again('\\bBE (?:not )?shown to\\b'), 'is not shown to hold', 'could not be verified'),
  prose(
    /\bthat there (?:is|are|was|were)(?=[.,;:)]|$)/,
    'a metric that there is',
    'an existing metric',
  ),
  prose(/\bmade again\b|\bmakes? (?:it|them) again\b/, 'made again', 'regenerated'),
  prose(
    /\b(?:measured|made|done|built|sent|set|called) otherwise\b/,
    'measured otherwise',
    'differently',
  ),
  prose(/\bfor the sake of\b/, 'for the sake of', 'for'),
  prose(/\bbrings? nothing\b/, 'brings nothing', 'no events arrive'),
];

/** In identifiers, in strings of one word, and in the names of files and folders. */
const names: readonly Rule[] = [
  {
    pattern: /\b(?:odd|oddity|oddities)\b/,
    where: ['identifiers', 'file names'],
    not: 'odd',
    write: 'unexpected',
  },
  {
    pattern: /\bstandstills?\b/,
    where: ['identifiers', 'file names'],
    not: 'standstill',
    write: 'stall, pause',
  },
  {
    pattern: /\blook into\b/,
    where: ['identifiers', 'file names'],
    not: 'lookInto',
    write: 'inspect',
  },
  { pattern: /\bbears?\b/, where: ['identifiers', 'file names'], not: 'bear', write: 'sustain' },
  {
    pattern: /\btroubles?\b/,
    where: ['identifiers', 'file names'],
    not: 'trouble',
    write: 'failure',
  },
  { pattern: /\bstory\b/, where: ['identifiers', 'file names'], not: 'story', write: 'load kind' },
];

export const rules: readonly Rule[] = [...beginnings, ...terms, ...archaic, ...names];

export const longest = { sentence: 30, paragraph: 120, meanOfPage: 20 };
