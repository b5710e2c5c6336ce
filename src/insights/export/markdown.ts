// A told session as Markdown. What a transcript says stays text: no raw HTML, no picture that would be fetched, no heading of its own.
import { factsOf, headline, isWholeIn, titleOf, turnFacts, untoldWords } from './facts.ts'
import { inputBlocks } from './input.ts'
import { blocksOf, type Cut, cutAt, plainText, type Run } from './speech.ts'
import type { Piece, Step } from './tale.ts'

export const SPEECH_MAX = 50_000
export const INPUT_MAX = 8_000
export const OUTPUT_MAX = 4_000

// `depth`: of subagents; their part is quoted.
export function markdownOf(piece: Piece, depth: number): string {
  if (piece.as === 'lane end') return depth > 1 ? `${'> '.repeat(depth - 1).trimEnd()}\n` : '\n'
  const text = markdown(piece)
  if (depth === 0 || text === '') return text
  const quote = '> '.repeat(depth)
  return `${text
    .trimEnd()
    .split('\n')
    .map((line) => `${quote}${line}`.trimEnd())
    .join('\n')}\n${quote.trimEnd()}\n`
}

function markdown(piece: Piece): string {
  switch (piece.as) {
    case 'head': {
      const facts = factsOf(piece.session, piece.label).map(([name, value]) => `| ${name} | ${cell(value)} |`)
      return `# ${inLine(titleOf(piece.session))}\n\n${inLine(piece.story)}\n\n| | |\n| --- | --- |\n${facts.join('\n')}\n\n`
    }
    case 'turn': {
      const { turn } = piece
      const heading = headline(piece.prompt)
      const asked =
        piece.prompt.trim() === '' || isWholeIn(heading, piece.prompt) ? '' : `${quoted(speech(piece.prompt))}\n\n`
      const images =
        piece.images > 0 ? `*With ${piece.images === 1 ? 'a picture' : `${piece.images} pictures`}.*\n\n` : ''
      return `## ${piece.n}. ${inLine(heading)}\n\n*${turnFacts(turn).map(inLine).join(' · ')}*\n\n${asked}${images}**${inLine(turn.sentence)}**\n\n`
    }
    case 'lane':
      return `**Subagent ${inLine(piece.name)}**${piece.task === '' ? '' : `: ${inLine(headline(piece.task, 160))}`}\n\n`
    case 'lane end':
      return ''
    case 'step':
      return stepText(piece.step)
    case 'end': {
      const untold = untoldWords(piece.untold)
      return untold === '' ? '' : `---\n\n*${inLine(untold)}*\n`
    }
  }
}

function stepText(step: Step): string {
  switch (step.as) {
    case 'prompt':
      return `${quoted(speech(step.text))}\n\n`
    case 'said':
      return `${speech(step.text)}\n\n`
    case 'thought':
      return `*Thought:*\n\n${quoted(speech(step.text))}\n\n`
    case 'error':
      return `**Error:** ${speech(step.text)}\n\n`
    case 'mark':
      return `*${inLine(step.text)}*\n\n`
    case 'call': {
      const blocks = inputBlocks(step.kind, step.target, step.input)
      const isSaid = step.target === '' || blocks.some(({ lang }) => lang === 'sh') // a command's beginning
      const target = isSaid ? '' : ` ${code(step.target)}`
      return `**${inLine(step.tool)}**${target}\n\n${blocks
        .map(({ lang, text }) => (lang === 'note' ? `*${inLine(text)}*\n\n` : fenced(lang, cutAt(text, INPUT_MAX))))
        .join('')}`
    }
    case 'result':
      return resultText(step)
  }
}

function resultText(step: Extract<Step, { as: 'result' }>): string {
  const said = step.refused
    ? `*Refused${step.feedback === '' ? '' : `: ${inLine(step.feedback)}`}*`
    : step.failed
      ? `*Failed${step.exit === null ? '' : `, exit code ${step.exit}`}*`
      : ''
  const output = plainText(step.text).trimEnd()
  const of = step.of === '' ? '' : `*From* ${code(step.of)}\n\n`
  return `${of}${said === '' ? '' : `${said}\n\n`}${output.trim() === '' ? '' : fenced('', cutAt(output, OUTPUT_MAX))}`
}

// Speech as it was meant, but for what would do something.
function speech(text: string): string {
  const cut = cutAt(plainText(text), SPEECH_MAX)
  const blocks = blocksOf(cut.text).map((block) =>
    block.as === 'code'
      ? fenced(block.lang, { text: block.text, left: 0 }).trimEnd()
      : block.lines.map((line) => lineText(line)).join('\n'),
  )
  return blocks.join('\n\n') + leftText(cut)
}

function lineText(runs: readonly Run[]): string {
  const line = runs.map(({ isCode, text }) => (isCode ? code(text) : harmless(text))).join('')
  // Headings, lines across and the addresses behind references would be the document's own.
  return line.replace(/^(\s{0,3})(#{1,6}(?=\s)|[-=]{2,}\s*$|~~~|\[)/, '$1\\$2')
}

// A backtick that stands alone would find another further on.
const harmless = (text: string): string =>
  text
    .replace(/[\\`]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('![', '!\\[')
    .replaceAll('](', ']\\(')

// On one line, with nothing in it that means something to Markdown.
const inLine = (text: string): string =>
  plainText(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
const cell = (value: string): string => inLine(value)

function code(text: string): string {
  const line = plainText(text).replace(/\s+/g, ' ').trim()
  if (line === '') return text === '' ? '' : '` `'
  const ticks = '`'.repeat(longestRun(line, '`') + 1)
  return ticks.length === 1 ? `\`${line}\`` : `${ticks} ${line} ${ticks}`
}

function fenced(lang: string, cut: Cut): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(cut.text, '`') + 1))
  return `${ticks}${lang}\n${cut.text}\n${ticks}\n${leftText(cut)}\n`
}

const leftText = ({ left }: Cut): string =>
  left === 0 ? '' : `\n*… ${left.toLocaleString('en-US')} more characters; the CloudEvents export has them.*\n`

const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')

function longestRun(text: string, sign: string): number {
  let longest = 0
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at)) {
    let n = 1
    while (text[at + n] === sign) n++
    longest = Math.max(longest, n)
    at += n
  }
  return longest
}
