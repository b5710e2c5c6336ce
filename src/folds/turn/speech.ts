// What people and agents say, as far as a turn must know: does a prompt say what is wanted, does an answer end with a question.
import { cut } from '../../event/payload.ts'

// "yes", "1", "continue", "go ahead please": an answer to what stood before, no wish of its own. In the languages agents are spoken to in.
const NODS = new Set(
  (
    'yes yep yeah yup y ok okay k sure no n nope go continue proceed next done fine good great nice perfect thanks thank please do it ahead on you that this works right correct agreed ' +
    'lgtm approved ship resume retry again try now all both first second third one two three option a b c d e and the with keep going sounds ' +
    'ja jo nein ok gut weiter bitte mach danke genau oui non d’accord continue continuez vas-y merci si sí vale claro sigue adelante gracias sim não continua ' +
    'да нет ок давай продолжай дальше хорошо はい いいえ 続けて お願いします ok 是 好 好的 继续 可以 行 对 네 예 계속 좋아 tak nie dalej hai'
  ).split(' '),
)
const WORD = /[\p{L}\p{N}’'-]+/gu

export function saysWhat(prompt: string): boolean {
  const words = prompt.toLowerCase().match(WORD) ?? []
  if (words.length === 0) return false
  if (words.length > 6) return true
  // Languages without blanks between words say a lot in one.
  const wide = words.some(
    (word) => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word) && word.length > 5,
  )
  return wide || words.some((word) => !NODS.has(word) && !/^\d+$/.test(word))
}

const QUESTION_MAX = 200

// "In short: …", "Root cause: …": a line that says of itself that it sums up; without the label. '' where there is none.
const SUMS_UP =
  /^[ \t*_>#-]{0,12}(?:in short|in summary|tl;?dr|bottom line|short version|the short version|(?:the )?one[- ]sentence version|conclusion|verdict|root cause)[\s*_]{0,8}[:—–][\s*_]{0,12}(\S.{10,})$/im

export function conclusionOf(text: string): string {
  const found = SUMS_UP.exec(text)
  if (found === null) return ''
  const line = found[1]!.replace(/(?:\*\*|__)\s*$/, '')
  // What a colon announces stands in the lines below it.
  if (!/:\s*$/.test(line)) return line
  const below = text
    .slice(found.index + found[0].length)
    .trimStart()
    .slice(0, 300)
  return `${line}\n${below.split(/\n\s*\n/)[0]}`
}

// The same as it stands there.
const conclusionLine = (text: string): string => SUMS_UP.exec(text)?.[0].trim() ?? ''

// Blocks of code of more than one line: what is said of them is worth the room more than they are.
const BLOCKS = /```[^\n]*\n[^\n]*\n[^\n]*\n[\s\S]*?```/g
const SPOKEN_MAX = 20_000

// What is kept of an answer: its beginning, and what sums it up where that stands further down.
export function keptOf(whole: string, max: number): string {
  if (whole.length <= max) return whole
  const spoken = whole.slice(0, SPOKEN_MAX).replace(BLOCKS, '\n').trim() || whole
  const start = cut(spoken, max)
  const conclusion = cut(conclusionLine(whole), Math.floor(max / 2))
  if (conclusion === '' || start.includes(conclusion)) return start
  return `${cut(spoken, max - conclusion.length - 2)}…\n${conclusion}`
}

const CHOICES_MAX = 6
const TAIL = 1500
const CHOICE = /^\s*(?:[-*•]\s+)?(?:\*\*)?(?:[A-Za-z]|\d)(?:[.)]|\*\*[.):]?|:)\s*\S.{0,160}$/

// "Which one?" and the choices in lines of their own.
function withoutChoices(text: string): string {
  const lines = text.trimEnd().slice(-TAIL).split('\n')
  let from = lines.length
  let choices = 0
  while (from > 0 && choices <= CHOICES_MAX && (lines[from - 1]!.trim() === '' || CHOICE.test(lines[from - 1]!)))
    if (lines[--from]!.trim() !== '') choices++
  const before = lines.slice(0, from).join('\n')
  return choices >= 2 && choices <= CHOICES_MAX && /[?？]\s*(?:\*\*)?$/.test(before) ? before : text
}

// A choice that stands there waits for the person, however much was said before it.
export const endsInChoices = (text: string): boolean => withoutChoices(text) !== text

// The question a text ends with, '' where it ends otherwise.
export function questionAtEnd(text: string): string {
  const end = withoutChoices(text)
    .trimEnd()
    .replace(/[*_`"”)]+$/, '')
  if (!/[?？؟]$/.test(end)) return ''
  const line = end.slice(end.lastIndexOf('\n') + 1).replaceAll('**', '')
  const before = Math.max(
    ...['. ', '! ', '? ', '。', '！', '？', ': '].map((mark) => line.lastIndexOf(mark, line.length - 2)),
  )
  const question = line
    .slice(before + 1)
    .replace(/^[\s*_#>-]+/, '')
    .trim()
  return question.length > QUESTION_MAX ? '' : cut(question, QUESTION_MAX)
}
