// The lines of a file, each beside the prompt that made it: who, when, and how sure that is. What is pointed at is told in a sentence above.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import type { BlameAnswer, BlameLine } from '../../../wire/blame.ts'
import { ApiError, askBlame, askTurnFiles } from '../../state/api.ts'
import { fileAt } from '../../state/files-route.ts'
import { useLabel, useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { drawWord } from '../../ui/code-lines.tsx'
import type { CodeSpan } from '../../ui/code-words.ts'
import { useHighlighted } from '../../ui/highlight.ts'
import { languageOf, lineSpans } from '../../ui/language.ts'
import { Flat } from '../../ui/read-markdown.ts'
import { counted, elided, fullTime, when } from '../../ui/words.ts'
import { countsOf, isText, type Run, runsOf, WORDS } from './blamed.ts'
import { moneyOf } from './model.ts'
import { Answer, placeText } from './parts.tsx'
import './lines.css'

const LINES_A_PAGE = 1_000
const LINE_CHARS_MAX = 4_000
const PROMPT_CUT = 120

export function FileLines({ paths }: { paths: readonly string[] }) {
  const [path = '', ...more] = paths
  if (more.length > 0) return <WhichFile paths={paths} />
  return <LinesOf key={path} path={path} />
}

function WhichFile({ paths }: { paths: readonly string[] }) {
  return (
    <div className="none">
      <p>Which of them?</p>
      <ul className="blame-which">
        {paths.map((path) => (
          <li key={path}>
            <a href={hrefOf({ view: 'explore', files: fileAt(path, 'lines') })}>{placeText(path)}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}

function LinesOf({ path }: { path: string }) {
  const asked = useQuery({
    queryKey: ['lines', path],
    // Not to know a file is an answer.
    queryFn: ({ signal }) =>
      askBlame(path, signal).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }),
    staleTime: 5_000,
    retry: false,
  })
  return (
    <Answer what="the lines of this file" asked={asked}>
      {asked.data === null && (
        <p className="none">
          What stood in it is not known: no session wrote it whole, and none showed it whole. Its turns are known all
          the same.
        </p>
      )}
      {asked.data && <Told answer={asked.data} />}
    </Answer>
  )
}

function Told({ answer: { path, lines, notes } }: { answer: BlameAnswer }) {
  const [shown, setShown] = useState(LINES_A_PAGE)
  const [at, setAt] = useState<Run | null>(null)
  const runs = useMemo(() => runsOf(lines.slice(0, shown)), [lines, shown])
  const words = useWords(path, lines, shown)
  if (lines.length === 0) return <p className="none">It is empty.</p>
  if (!isText(lines)) return <p className="none">It is no text, so it has no lines to show.</p>
  return (
    <div className="blame">
      <ul className="blame-legend" aria-label="How sure it is whose they are">
        {countsOf(lines).map(({ of, count }) => (
          <li key={of} title={WORDS[of].means}>
            <i className={`blame-shade is-${of}`} aria-hidden="true" /> {count} {WORDS[of].word}
          </li>
        ))}
        <li className="aside">as the record has the file last, not as it is on disk</li>
      </ul>
      {notes.map((note) => (
        <p key={note} className="aside">
          {note.slice(0, 1).toUpperCase() + note.slice(1)}.
        </p>
      ))}
      <Sentence run={at} />
      <ol className="blame-runs" onMouseLeave={() => setAt(null)}>
        {runs.map((run) => (
          <RunRow
            key={run.first.line}
            run={run}
            isOfIt={at !== null && at.first.turn !== null && at.first.turn === run.first.turn}
            words={words}
            point={setAt}
          />
        ))}
      </ol>
      {shown < lines.length && (
        <button type="button" className="plain" onClick={() => setShown(shown + LINES_A_PAGE)}>
          More lines, {counted(lines.length - shown, 'is', 'are')} left
        </button>
      )}
    </div>
  )
}

function useWords(path: string, lines: readonly BlameLine[], shown: number) {
  const code = useMemo(
    () =>
      lines
        .slice(0, shown)
        .map(({ text }) => text)
        .join('\n'),
    [lines, shown],
  )
  const spans = useHighlighted(languageOf(path), code)
  return useMemo(() => (spans === null ? null : lineSpans(spans)), [spans])
}

interface RowProps {
  readonly run: Run
  readonly isOfIt: boolean // of the same turn as what is pointed at
  readonly words: readonly (readonly CodeSpan[])[] | null
  readonly point: (run: Run) => void
}
function RunRow({ run, isOfIt, words, point }: RowProps) {
  const { first, lines } = run
  return (
    <li
      className={['blame-run', `is-${first.confidence}`, lines.length > 1 && 'is-tall', isOfIt && 'is-of-it']
        .filter(Boolean)
        .join(' ')}
      data-row
      tabIndex={-1}
      onMouseEnter={() => point(run)}
      onFocus={() => point(run)}
    >
      <i className={`blame-shade is-${first.confidence}`} aria-hidden="true" />
      <Who run={run} />
      <code className="blame-code">
        {lines.map((line) => (
          <span key={line.line} className="blame-line">
            <span className="line-number">{line.line}</span>
            <span>{codeOf(line, words?.[line.line - 1])}</span>
          </span>
        ))}
      </code>
    </li>
  )
}

// A line longer than that is data, and shown plain.
function codeOf({ text }: BlameLine, words: readonly CodeSpan[] | undefined): ReactNode {
  if (text.length > LINE_CHARS_MAX)
    return `${text.slice(0, LINE_CHARS_MAX)} … and ${counted(text.length - LINE_CHARS_MAX, 'more character')}`
  return words?.map(drawWord) ?? text
}

function Who({ run: { first } }: { run: Run }) {
  const nowMs = useNow()
  const label = useLabel(first.agent ?? '')
  const { word, means } = WORDS[first.confidence]
  if (first.session === null)
    return (
      <p className="blame-who">
        <span className="blame-nobody">{word}</span>
      </p>
    )
  return (
    <p className="blame-who">
      <a href={hrefOf({ view: 'story', session: first.session, turn: first.turn })} data-opens>
        {first.prompt === null ? (
          'before any prompt'
        ) : (
          <Flat text={elided(first.prompt.slice(0, PROMPT_CUT), PROMPT_CUT)} />
        )}
      </a>
      <span className="blame-agent">{label}</span>
      <time dateTime={first.time ?? undefined} title={fullTime(first.time)}>
        {when(first.time, nowMs)}
      </time>
      <span className="blame-word" title={means}>
        {word}
      </span>
    </p>
  )
}

// What is pointed at, told: its place does not move, so that nothing under it does.
function Sentence({ run }: { run: Run | null }) {
  const first = run?.first ?? null
  const label = useLabel(first?.agent ?? '')
  const turn = first?.turn ?? null
  const asked = useQuery({
    queryKey: ['files of', turn],
    queryFn: ({ signal }) => askTurnFiles(turn ?? '', signal),
    enabled: turn !== null,
    staleTime: 60_000,
    retry: false,
  })
  const money = asked.data ? moneyOf(asked.data) : null
  return (
    <div className="blame-told" role="status">
      {first === null ? (
        <p className="aside">Point at a line, or walk with j and k: whose it is stands here.</p>
      ) : turn === null || run === null ? (
        <p>{first.session === null ? 'A person wrote it, or nobody knows who.' : 'Made before any prompt.'}</p>
      ) : (
        <>
          <p>
            {asked.data?.sentence ??
              (first.prompt === null ? null : (
                <>
                  “<Flat text={first.prompt} />”
                </>
              ))}
          </p>
          <p className="aside">
            {linesOf(run)} · {WORDS[first.confidence].word}
            {first.elsewhere !== null && ', written in another checkout'} · {label}
            {first.model !== null && `, ${first.model}`} · {fullTime(first.time)}
            {money !== null && ` · the prompt cost ${money} in all`}
          </p>
        </>
      )}
    </div>
  )
}

function linesOf({ lines }: Run): string {
  const [from, to] = [lines[0]!.line, lines.at(-1)!.line]
  return from === to ? `line ${from}` : `lines ${from} to ${to}`
}
