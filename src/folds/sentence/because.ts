// Why: the prompt in the person's own words; the standing one, when this one is only a nod.
import { saysWhat } from '../turn/speech.ts'
import type { Turn } from '../turn/turn.ts'
import type { Clause } from './clause.ts'
import { plural } from './names.ts'
import { picturesIn, plainWords, quoted, sentencesOf, shortened } from './quote.ts'

const WHY_MAX = 90

export function becauseOf(turn: Turn): Clause | null {
  const text = whyText(turn)
  if (text === null) return null
  return { role: 'because', text: `because ${text}`, events: turn.prompt === null ? [] : [turn.prompt.event] }
}

function whyText(turn: Turn): string | null {
  const { prompt, standing, question } = turn
  if (prompt === null) return null
  if (prompt.by === 'compaction')
    return standing === null
      ? 'it went on after a compaction'
      : `${/^\/\S+$/.test(standing) ? `of ${standing}` : said(standing, WHY_MAX)} (continued after a compaction)`
  if (prompt.by === 'plan') return `of the plan ${quoted(shortened(planTitle(prompt.text), WHY_MAX))}`
  const images = Math.max(prompt.images ?? 0, picturesIn(prompt.text))
  const words = plainWords(prompt.text)
  if (words === '')
    return images > 0 || prompt.command === undefined
      ? `of ${images > 1 ? plural(images, 'picture') : images === 1 ? 'a picture' : 'a prompt without words'}`
      : null
  const withPicture = images > 0 ? ` (with ${images === 1 ? 'a picture' : plural(images, 'picture')})` : ''
  if (prompt.command === undefined && !saysWhat(words)) {
    const to =
      question !== null
        ? ` (to ${quoted(shortened(plainWords(question), 80))})`
        : standing !== null
          ? ` (after ${said(standing, 60)})`
          : ''
    return `${quoted(shortened(words, WHY_MAX))}${withPicture}${to}`
  }
  if (prompt.command === 'shell') return `you ran \`${shortened(words.replace(/^!\s*/, ''), 60)}\``
  // A command without words of its own is a name.
  if (prompt.command === 'slash' && /^\/\S+$/.test(words)) return `of ${words}`
  return said(prompt.text, WHY_MAX) + withPicture
}

// The first sentence that says something, and as many as fit.
function said(text: string, max: number): string {
  const sentences = sentencesOf(text, 6)
  const whole = plainWords(text)
  const first = sentences.findIndex((sentence) => saysWhat(sentence) && sentence.length > 12)
  const from = first > 0 ? whole.indexOf(sentences[first]!) : 0
  const line = from > 0 ? whole.slice(from) : whole
  return quoted(shortened(line, max))
}

// A plan is called by its first heading.
function planTitle(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const heading = lines.find((line) => line.startsWith('#')) ?? lines[1] ?? lines[0] ?? ''
  return plainWords(heading).replace(/^(?:implementation )?plan:\s*/i, '')
}
