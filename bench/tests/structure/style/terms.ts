/**
 * One term for one thing. A word with several meanings matches only in phrases that have the meaning
 * for which there is a term: "let go of" and not "go", "is told" and not "told apart".
 */
import { everywhere, inProse } from './phrases.ts';
import type { Rule } from './rules.ts';

/** "leaves the room", "leaves out", "left over" and the like are not about clients. */
const leftBehind =
  '(?! (?:an?|the|no|its|their|any|this|every|each|one|some|such|what|only|alone|out|it|them|room|behind|open|unread|nothing|something|half|data|bytes|resources|to|of|over|for)\\b)';
const afterMeasuring =
  'is|was|has|ended|ends?|begins?|began|starts?|started|in|of|and|or|that|which|when|after|before|at|by|with|to|took|lasts?|itself|alone|only|did|does|could|can|may';

export const terms: readonly Rule[] = [
  inProse('reconnect', 'come again, come back', '(?:comes?|came|coming) (?:back|again)\\b'),
  inProse('release', 'let go of', 'let(?:s|ting)? go\\b'),
  inProse(
    'report, print, state',
    'tell, is told, is said',
    '(?:BE|not) told\\b(?! apart| to\\b)',
    'tells? (?:of|the lines?|what|who)\\b',
    'tells? END',
    'BE said\\b(?! to\\b)',
    'said (?:of|so)\\b',
    'says? (?:of|nothing)\\b',
  ),
  inProse(
    'given explicitly, on the command line',
    'said beside, typed, asked for',
    'said beside\\b',
    'say (?:--|·)',
    '(?:that|what|which|it|they) BE typed\\b(?! (?:as|by|via)\\b)',
    'typed options?\\b',
    '(?:BE|which|that|one) asked for END',
    '(?:BE|which|that|one) asked for (?:by|and|or|in|at)\\b',
    '(?:BE asked|to ask) of\\b',
    'what BE asked\\b',
  ),
  everywhere('sustain (a load)', 'bear', 'bear(?:s|able)?\\b', 'bore\\b', 'borne\\b'),
  inProse(
    'the measurement, the measuring phase',
    'the measuring',
    '(?:the|its|their|a|each|of|in|all) measuring END',
    `(?:the|its|their|a|each|of|in|all) measuring (?:${afterMeasuring})\\b`,
  ),
  inProse('overrides', 'goes before', '(?:goes|go|went|going) before\\b'),
  inProse('invalid', 'not to be believed', 'believ\\w*'),
  everywhere(
    'pause, stall',
    'stand still, standstill',
    '(?:stands?|stood|standing) still\\b',
    'standstills?\\b',
  ),
  inProse(
    'reference server',
    'ours, server that is ours',
    'servers? (?:that |which |of )?(?:is |are )?(?:not )?ours\\b',
    '(?:one|those|some|none|all) of ours\\b',
  ),
  inProse(
    'remaining streams',
    'those that stay',
    'those (?:that|who|which) (?:stay|stayed|remain)\\b',
    'who stays?\\b',
  ),
  everywhere(
    'inspect, inspection',
    'look at, look into, look',
    '(?:could|can|cannot|may|did) (?:not )?look\\b',
    'look(?:s|ed|ing)? (?:into|inside|from outside|from inside)\\b',
    'BE looked (?:at|into|for)\\b',
    'look(?:s|ed|ing) at\\b',
    '(?:first|second|last|each|every|one|two|a|the|of|no|another) looks?\\b(?! (?:like|at|for|up)\\b)',
  ),
  everywhere(
    'unexpected',
    'odd',
    'odd\\b(?<!\\beven (?:or|and) odd)(?!-| (?:numbers?|counts?|and even|or even|rounds?|ind(?:ex|ices)|rows?|lines?|length)\\b)',
    'oddit(?:y|ies)\\b',
    'oddly\\b',
  ),
  inProse(
    'disconnect mode',
    'way to leave, way out',
    'ways? (?:to leave|of leaving|out)\\b(?! of)',
  ),
  inProse(
    'disconnect (a client)',
    'leave, go',
    `(?:clients?|crowds?|users?|readers?)(?: that| who| which)?(?: have| has| had)? (?:leaves?|leaving|left)\\b${leftBehind}`,
    `(?:streams?|that) (?:leaves?|leaving)\\b${leftBehind}`,
    `(?:when|before|while|until|as|once|after) (?:it|they|those|all|half) (?:leaves?|left)\\b${leftBehind}`,
    'leavers?\\b',
    '(?:clients?|streams?|readers?|connections?|that|who|which) (?:have|has|had|BE) gone\\b',
  ),
  inProse('exit', 'and leave', 'and leave END'),
  inProse('refuse', 'turn away', 'turn(?:s|ed|ing)? (?:\\w+ )?away\\b'),
  inProse('unlimited rate', 'as they are read', 'as (?:fast as )?(?:they are|it is) read\\b'),
  inProse(
    'backpressure',
    'what the sockets take',
    'what (?:the|its|their|a|these) sockets? (?:can |could )?takes?\\b',
  ),
  everywhere('fail, failure cause', 'trouble', 'troubles?\\b'),
  inProse(
    'server under test',
    'target (of a server), subject',
    'target servers?\\b',
    'server targets?\\b',
    '(?:the|each|every|this) subjects?\\b(?! first\\b| line\\b|s? of\\b)',
  ),
  everywhere('scenario (a named load), API (a wire format of answers)', 'preset', 'presets?\\b'),
  everywhere('load kind', 'unusual load, story', 'unusual loads?\\b', 'stor(?:y|ies)\\b'),
];
