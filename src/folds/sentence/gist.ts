// The part of an answer that answers: its conclusion, or of its first sentences the one that shares most with the prompt.

import { conclusionOf } from '../turn/speech.ts'
import { capital } from './names.ts'
import { sentencesOf, shortened } from './quote.ts'

// Politeness and praise that open an answer and say nothing.
const FILLER =
  /^(?:oh|ah|yes|no|sure|ok(?:ay)?|right|perfect|great|excellent|good|done|got it|absolutely|exactly|you(?:'|’)?re (?:absolutely )?(?:right|welcome)|great question|good (?:question|point|catch|instinct|idea)|that (?:sounds|makes) .{0,20}|i see|thanks?(?: you)?|sorry|my apologies|let me .{0,60}|that clarifies it|here(?:'|’)?s [^`]{0,40}|summary|now i .{0,60}|(?:direct|short|quick) answer)[.!:,]*(?:\s*[^\p{L}\p{N}\s]+)?$/iu
const STOP = new Set(
  'the a an and or of to in on for with is are was were be it this that you i we me my your our do does did can could would should will not no yes so if as at by from have has had what how why which there here just please now then but about into all any some'.split(
    ' ',
  ),
)

// Short, and nothing but a beginning: "Good catch - let me clarify.", "I think I understand the issue now."
const OFFER = /^I(?:['’]d| would|['’]ll) be (?:happy|glad) to\b/i
// "Sure — let me build it up from the start, because …", "Sorry — I misread that.", "I can see the oven."
const BEGINS =
  /^(?:(?:sure|ok(?:ay)?|right|alright|of course|absolutely|good question)\b[\s,.!:—–-]+(?:\w+[\s,]+){0,2}let me|sorry\b|apologies|my (?:apologies|mistake|bad)|(?:now )?I can see|I['’]ll|(?:now|first|next)[\s,]+let me(?! know)|let me (?:now|first|start|begin|check|look))\b/i
export const isOpening = (sentence: string): boolean =>
  OFFER.test(sentence) ||
  BEGINS.test(sentence) ||
  (sentence.length < 60 &&
    /\blet (?:me|'s|’s|us)\b|\blet['’]s\b|\bI (?:now )?(?:see|understand)\b|^(?:good|great|nice|excellent) \w+\b|^now I\b/i.test(
      sentence,
    ))

// Where words have no blanks between them, every two characters stand for one.
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{2}/gu

const keyWords = (text: string): Set<string> =>
  new Set((text.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []).filter((word) => !STOP.has(word)))
const saysLittle = (sentence: string, words: ReadonlySet<string>): boolean =>
  words.size < 3 && (sentence.match(WIDE)?.length ?? 0) < 3

// "Run it with:" and a block of one line is a sentence with a name in it.
const ONE_LINE_BLOCK = /[:：][ \t]*\n\s*```[^\n]*\n([^\n`]{1,80})\n\s*```/g
const ASKS_HOW = /^\s*(?:and |so |ok(?:ay)?,? )?(?:how|which|what)\b/i
// The answer in a word, with what it stands on: "Yes, but only half of it.", "Short answer: the oven is cold."
const CONCLUSION =
  /^(?:(?:yes|no|nope|correct|not (?:quite|yet|really))\b|(?:in short|tl;dr|short answer|bottom line|conclusion)\b|結論[:：])/i
// An answer in a word that says more than yes or no: "Yes, implemented."
const SHORT_WORD = /^(?:yes|no|nope)[,:—–-]?\s+\p{L}{4,}/iu
// One case of what was said before it, or what it is not.
const EXAMPLE = /^(?:(?:just )?like when|for (?:example|instance)|e\.g\.|as when)\b/i
// What it was made of comes before what it says.
const BASIS = /^based on (?:my|the|our|this|what)\b[^,.:;]{3,120},\s+(?=\S)/i
const YES_OR_NO = /^(?:yes|no|nope|correct|not (?:quite|yet|really))\b.{0,20}[.!]$/i
const concludes = (sentence: string): boolean =>
  CONCLUSION.test(sentence) && sentence.length > (/^結/.test(sentence) ? 10 : 24) && !/[:?]$/.test(sentence)
// A long prompt shares words with anything.
const SHARED_MAX = 4
const isOnlyCode = (sentence: string): boolean => !/[\p{L}\p{N}]/u.test(sentence.replace(/`[^`]*`/g, ''))

const TOLD_MAX = 8
// From here on the beginning answers by itself, and no conclusion is looked for.
const CONCLUDES = 8
const isEmptyTalk = (sentence: string): boolean => FILLER.test(sentence) || isOpening(sentence)

// Of its first sentences the one that answers, and as many of the next ones as there is room for. `max` counts characters.
export function gistOf(answer: string, prompt: string, max: number): string {
  const told = sentencesOf(answer.replace(ONE_LINE_BLOCK, ': `$1`\n'), TOLD_MAX)
  // An answer that is all code or headings is told by them.
  const found = told.length > 0 ? told : sentencesOf(answer.replace(/```\w*|^\s*#+ /gm, ''), TOLD_MAX)
  const sentences = found.map((sentence) => (BASIS.test(sentence) ? capital(sentence.replace(BASIS, '')) : sentence))
  if (sentences.length === 0) return ''
  const asked = keyWords(prompt)
  // What says nothing yet takes nobody's place.
  let place = 0
  const isQuestion = /[?？]\s*$/.test(prompt)
  const scores = sentences.map((sentence, i) => {
    let score = scoreOf(sentence, place, prompt, asked)
    // "Yes! It has two doors.": what the yes stands on.
    if (isQuestion && place === 0 && i > 0 && YES_OR_NO.test(sentences[i - 1]!)) score += 6
    if (!isEmptyTalk(sentence)) place++
    return score
  })
  const best = scores.indexOf(Math.max(...scores))
  const [conclusion, ...below] = sentencesOf(conclusionOf(answer), 4)
  if (conclusion !== undefined && scores[best]! < CONCLUDES) return toldIn(conclusion, below, max)
  const before = sentences[best - 1] ?? ''
  const first =
    YES_OR_NO.test(before) && !FILLER.test(sentences[best]!) ? `${before} ${sentences[best]}` : sentences[best]!
  return toldIn(first, sentences.slice(best + 1), max)
}

function scoreOf(sentence: string, i: number, prompt: string, asked: ReadonlySet<string>): number {
  // A command tells how; it shares its names with a prompt that is a command, and that tells nothing.
  const spoken = sentence.replace(/: `[^`]*`$/, '')
  const words = keyWords(spoken)
  const shared = [...words].filter((word) => asked.has(word)).length
  let score = 2 * Math.min(shared, SHARED_MAX) - 1.5 * i
  if (i < 2 && (concludes(sentence) || SHORT_WORD.test(sentence))) score += 8
  if (isEmptyTalk(sentence)) score -= OFFER.test(sentence) ? 16 : 8
  if (EXAMPLE.test(sentence)) score -= 8
  if (spoken !== sentence && ASKS_HOW.test(prompt)) score += 5
  else if (saysLittle(sentence, words)) score -= 3
  if (isOnlyCode(sentence)) score -= 6
  if (/:$/.test(sentence)) score -= 1
  if (/\?$/.test(sentence)) score -= 3
  if (/`/.test(sentence)) score += 1
  return score
}

// Names in parentheses are the first thing to go where there is no room for the point.
const NAMES_ASIDE = /\s\((?=[^()]*`)(?:[^()`]|`[^`]*`)*\)/g

function toldIn(first: string, rest: readonly string[], max: number): string {
  const short = first.length > max ? first.replace(NAMES_ASIDE, '') : first
  return shortened(withMore(short, rest, max).replace(/[:：]$/, ''), max)
}

// What a colon announces follows it, cut where it must be; anything else only whole.
function withMore(first: string, rest: readonly string[], max: number): string {
  let gist = first
  for (const next of rest) {
    if (/[:?]$/.test(next) || FILLER.test(next) || isOnlyCode(next)) break
    const announced = /:$/.test(gist)
    if (!announced && gist.length + next.length >= max) break
    gist += `${announced || /[.!?…。！？]['"`)]*$/.test(gist) ? '' : ';'} ${next}`
  }
  return gist
}
