// A told session as one HTML file: its own styles, no script, nothing fetched, and everything a transcript says is text.
import { factsOf, headline, isWholeIn, titleOf, turnFacts, untoldWords } from './facts.ts'
import { inputBlocks } from './input.ts'
import { INPUT_MAX, OUTPUT_MAX, SPEECH_MAX } from './markdown.ts'
import { blocksOf, type Cut, cutAt, plainText, type Run, runsOf } from './speech.ts'
import { STYLES } from './styles.ts'
import type { Piece, Step } from './tale.ts'

export function htmlOf(piece: Piece): string {
  switch (piece.as) {
    case 'head':
      return headHtml(piece)
    case 'turn': {
      const { turn, n } = piece
      const heading = headline(piece.prompt)
      const asked =
        piece.prompt.trim() === '' || isWholeIn(heading, piece.prompt)
          ? ''
          : `<div class="prompt">${speech(piece.prompt)}</div>`
      const images =
        piece.images > 0
          ? `<p class="note">With ${piece.images === 1 ? 'a picture' : `${piece.images} pictures`}.</p>`
          : ''
      return `<section class="turn" id="t${n}">\n<h2><a href="#t${n}">${n}</a> ${text(heading)}</h2>\n<p class="facts">${turnFacts(turn).map(text).join(' · ')}</p>\n${asked}${images}<p class="sentence">${lineHtml(runsOf(turn.sentence))}</p>\n</section>\n`
    }
    case 'lane':
      return `<details class="lane"><summary>Subagent <b>${text(piece.name)}</b>${piece.task === '' ? '' : ` ${text(headline(piece.task, 160))}`}</summary>\n`
    case 'lane end':
      return '</details>\n'
    case 'step':
      return stepHtml(piece.step)
    case 'end': {
      const untold = untoldWords(piece.untold)
      return `${untold === '' ? '' : `<footer>${text(untold)}</footer>\n`}</main>\n</body>\n</html>\n`
    }
  }
}

function headHtml({ session, label, story, turns }: Extract<Piece, { as: 'head' }>): string {
  const title = titleOf(session)
  const facts = factsOf(session, label).map(
    ([name, value]) => `<div><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`,
  )
  const list = turns.map((turn, i) => `<li><a href="#t${i + 1}">${text(headline(turn.prompt?.text ?? ''))}</a></li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(title)}</title>
<style>${STYLES}</style>
</head>
<body>
<main>
<header>
<h1>${text(title)}</h1>
<p class="story">${text(story)}</p>
<dl>${facts.join('')}</dl>
</header>
${list.length > 1 ? `<nav aria-label="Turns"><ol>${list.join('\n')}</ol></nav>\n` : ''}`
}

function stepHtml(step: Step): string {
  switch (step.as) {
    case 'prompt':
      return `<div class="prompt">${speech(step.text)}</div>\n`
    case 'said':
      return `<div class="said">${speech(step.text)}</div>\n`
    case 'thought':
      return `<details class="thought"><summary>Thought</summary><div>${speech(step.text)}</div></details>\n`
    case 'error':
      return `<div class="error">${speech(step.text)}</div>\n`
    case 'mark':
      return `<p class="mark">${text(step.text)}</p>\n`
    case 'call': {
      const blocks = inputBlocks(step.kind, step.target, step.input)
      const isSaid = step.target === '' || blocks.some(({ lang }) => lang === 'sh') // a command's beginning
      const note = blocks.find(({ lang }) => lang === 'note')?.text ?? ''
      const name = `<b>${text(step.tool)}</b> ${isSaid ? '' : `<code>${text(step.target)}</code> `}${note === '' ? '' : `<i>${text(note)}</i>`}`
      if (blocks.every(({ lang }) => lang === 'note')) return `<p class="call">${name}</p>\n`
      const isRead = step.kind === 'edit' || step.kind === 'write' || step.kind === 'run'
      return `<details class="call"${isRead ? ' open' : ''}><summary>${name}</summary>${blocks
        .filter(({ lang }) => lang !== 'note')
        .map(({ lang, text: body }) => (lang === 'diff' ? diff(cutAt(body, INPUT_MAX)) : pre(cutAt(body, INPUT_MAX))))
        .join('')}</details>\n`
    }
    case 'result':
      return resultHtml(step)
  }
}

function resultHtml(step: Extract<Step, { as: 'result' }>): string {
  const output = plainText(step.text).trimEnd()
  const lines = output === '' ? 0 : output.split('\n').length
  const said = step.refused
    ? `Refused${step.feedback === '' ? '' : `: ${step.feedback}`}`
    : step.failed
      ? `Failed${step.exit === null ? '' : `, exit code ${step.exit}`}`
      : `${lines === 1 ? '1 line' : `${lines} lines`}`
  const of = step.of === '' ? '' : ` <code>${text(headline(step.of))}</code>`
  const className = step.failed ? 'result failed' : 'result'
  if (output.trim() === '') return step.failed ? `<p class="${className}">${text(said)}${of}</p>\n` : ''
  return `<details class="${className}"><summary>${text(said)}${of}</summary>${pre(cutAt(output, OUTPUT_MAX))}</details>\n`
}

function speech(said: string): string {
  const cut = cutAt(plainText(said), SPEECH_MAX)
  const blocks = blocksOf(cut.text).map((block) =>
    block.as === 'code' ? pre({ text: block.text, left: 0 }) : `<p>${block.lines.map(lineHtml).join('\n')}</p>`,
  )
  return blocks.join('\n') + left(cut)
}

const lineHtml = (runs: readonly Run[]): string =>
  runs.map(({ isCode, text: words }) => (isCode ? `<code>${text(words)}</code>` : text(words))).join('')

const pre = (cut: Cut): string => `<pre>${text(cut.text)}</pre>${left(cut)}`
function diff(cut: Cut): string {
  const lines = cut.text.split('\n').map((line) => {
    const name = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : null
    return name === null ? text(line) : `<${name}>${text(line)}</${name}>`
  })
  return `<pre class="diff">${lines.join('\n')}</pre>${left(cut)}`
}

const left = (cut: Cut): string =>
  cut.left === 0
    ? ''
    : `<p class="note">… ${cut.left.toLocaleString('en-US')} more characters; the CloudEvents export has them.</p>`

const text = (words: string): string =>
  plainText(words)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
