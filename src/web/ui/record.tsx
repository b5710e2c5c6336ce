// One row of a session, whatever it is. The margin says when and who; the column says what.
import { memo } from 'react'
import type { StoryRecord } from '../../folds/record.ts'
import type { AgentRow } from '../../folds/session.ts'
import { hrefOf } from '../state/route.ts'
import { Pictures } from './pictures.tsx'
import { Prose } from './prose.tsx'
import { filterOf, noteName, type RecordRow } from './rows.ts'
import { AskedFor, useFold, useToggle } from './toggle.ts'
import { Output, ToolCall } from './toolview.tsx'
import { useWhole } from './whole.ts'
import { clock, counted, duration, fullTime } from './words.ts'

export interface RecordProps {
  readonly row: RecordRow
  readonly label: string // of the agent
  readonly laneName: string | null // of the subagent whose record this is; null in the main lane
  readonly cwd: string | null
  readonly isMarked: boolean
  readonly isAt?: boolean // the reader's keys are here
  readonly agents?: readonly AgentRow[] // that this row's call began
}

const NO_AGENTS: readonly AgentRow[] = []

export const RecordView = memo(function RecordView(props: RecordProps) {
  const { row, label, laneName, cwd, isMarked, isAt = false, agents = NO_AGENTS } = props
  const { record } = row
  const [isNoted, flipNotes] = useToggle(`${record.id}:notes`, false)
  const filter = filterOf(record)
  const isPerson = filter === 'prompts' && record.agentId === null
  const classes = [
    'row',
    filter,
    laneName !== null && 'lane',
    isMarked && 'marked',
    isAt && 'at',
    row.isNewVoice && 'new-voice',
  ]
  return (
    <article
      className={classes.filter(Boolean).join(' ')}
      data-event={record.id}
      aria-label={spoken(record, label)}
      tabIndex={-1}
    >
      <div className="gutter">
        {row.notes.length > 0 && <NotesButton id={record.id} notes={row.notes} isOpen={isNoted} flip={flipNotes} />}
        <a
          className={row.isTimed ? 'time' : 'time untimed'}
          href={hrefOf({ view: 'live', session: record.session, event: record.id })}
          title={`${fullTime(record.time)} · link to this event`}
          aria-label={`Link to this event, ${fullTime(record.time) || 'no time'}`}
        >
          {row.isTimed ? clock(record.time) : '·'}
        </a>
      </div>
      <div className="column">
        {row.isNewVoice && (filter !== 'notes' || isTask(record)) && (
          <p className="voice">
            {isTask(record) ? 'Asked of it' : isPerson ? 'You' : (laneName ?? label)}
            {laneName !== null && <span> {record.hidden ? 'helper' : 'subagent'}</span>}
            {record.queued && <span className="tag">queued while it worked</span>}
          </p>
        )}
        <AskedFor value={isMarked}>
          <Content row={row} cwd={cwd} agents={agents} />
        </AskedFor>
        {isNoted && row.notes.length > 0 && <Notes id={record.id} notes={row.notes} />}
      </div>
    </article>
  )
})

function Content({ row, cwd, agents }: { row: RecordRow; cwd: string | null; agents: readonly AgentRow[] }) {
  const { record, result } = row
  if (record.tool)
    return <ToolCall record={{ ...record, tool: record.tool }} result={result} cwd={cwd} agents={agents} />
  switch (filterOf(record)) {
    case 'prompts':
      return <Prompt record={record} />
    case 'answers':
      return <Answer record={record} />
    case 'thinking':
      return <Thinking record={record} />
    case 'tools':
      return <OrphanResult record={record} />
    case 'errors':
      return (
        <div className="error-card">
          <b>{record.kind === 'system.damaged_line' ? 'A damaged line, kept as it is' : 'Error'}</b>
          <Words record={record} />
        </div>
      )
    case 'notes':
      return isTask(record) ? <Prompt record={record} /> : <Mark record={record} />
  }
}

// What a subagent was asked to do: the reason of its lane, as a prompt is of a session's.
const isTask = ({ injected }: StoryRecord): boolean => injected === 'delegated'

function Prompt({ record }: { record: StoryRecord }) {
  return (
    <div className={record.command === undefined ? 'prompt' : 'prompt typed'}>
      <Words record={record} />
      {record.images ? <Pictures record={record} count={record.images} /> : null}
    </div>
  )
}

function Answer({ record }: { record: StoryRecord }) {
  const [isWhole, takeWhole] = useFold(`${record.id}:whole`, false)
  const { whole } = useWhole(record, isWhole)
  return (
    <>
      <Prose text={whole.text} />
      {record.more && !isWhole && (
        <button type="button" className="bare" onClick={takeWhole}>
          Show the whole answer
        </button>
      )}
    </>
  )
}

const THOUGHT_LINES = 3
function Thinking({ record }: { record: StoryRecord }) {
  const [isOpen, flip] = useFold(`${record.id}:thought`, false)
  const { whole } = useWhole(record, isOpen)
  const isLong = record.text.length > 240 || record.text.split('\n').length > THOUGHT_LINES
  return (
    <div className={isOpen || !isLong ? 'thought' : 'thought folded'}>
      <Prose text={whole.text} />
      {isLong && (
        <button type="button" className="bare" onClick={flip} aria-expanded={isOpen}>
          {isOpen ? 'Fold' : 'Read the thought'}
        </button>
      )}
    </div>
  )
}

function OrphanResult({ record }: { record: StoryRecord }) {
  return (
    <div className="tool">
      <p className="tool-head still">
        <span className="verb">Result</span>
        <span className="said">of a call that is not on this page</span>
      </p>
      <div className="tool-body">
        <Output record={record} kind="other" />
      </div>
    </div>
  )
}

// What changes how the rest is read: a line across the page, and its words when they are asked for.
const MARK_TEXT_MAX = 120
function Mark({ record }: { record: StoryRecord }) {
  const [isOpen, flip] = useFold(`${record.id}:mark`, false)
  const text = record.model ?? record.text
  const isLong = record.url === undefined && (text.length > MARK_TEXT_MAX || text.includes('\n'))
  return (
    <div className="mark-line">
      <p>
        <span>{noteName(record.kind)}</span>
        {record.url ? (
          <a href={/^https?:/i.test(record.url) ? record.url : undefined} target="_blank" rel="noopener noreferrer">
            {record.url}
          </a>
        ) : isLong ? (
          <button type="button" className="bare" onClick={flip} aria-expanded={isOpen}>
            {isOpen ? 'Fold' : 'Read what was kept'}
          </button>
        ) : (
          <em>{text}</em>
        )}
      </p>
      {isOpen && (
        <div className="mark-text">
          <Prose text={text} />
        </div>
      )}
    </div>
  )
}

// Reminders, hooks, progress: how many, in the margin, so that they cost the column no line.
interface NotesProps {
  readonly id: string
  readonly notes: readonly StoryRecord[]
}
function NotesButton({ id, notes, isOpen, flip }: NotesProps & { isOpen: boolean; flip: () => void }) {
  const said = `${counted(notes.length, 'note')}: ${summary(notes)}`
  return (
    <button
      type="button"
      className="bare notes-button"
      onClick={flip}
      aria-expanded={isOpen}
      aria-controls={isOpen ? `notes-${id}` : undefined}
      title={said}
      aria-label={said}
    >
      +{notes.length}
    </button>
  )
}

function Notes({ id, notes }: NotesProps) {
  return (
    <ul className="note-list" id={`notes-${id}`}>
      {notes.map((note) => (
        <li key={note.id} data-event={note.id}>
          <span className="note-kind">{noteName(note.kind)}</span>
          <span className="note-text">
            <Words record={note} />
            {note.durationMs !== undefined && ` ${duration(note.durationMs)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

// Plain words with their line ends, whole on demand.
function Words({ record }: { record: StoryRecord }) {
  const [isWhole, takeWhole] = useFold(`${record.id}:whole`, false)
  const { whole, isFetching } = useWhole(record, isWhole)
  return (
    <>
      <span className="words">{whole.text}</span>
      {record.more && !isWhole && (
        <button type="button" className="bare" onClick={takeWhole}>
          Show the rest
        </button>
      )}
      {isFetching && <span className="aside"> Loading …</span>}
    </>
  )
}

function summary(notes: readonly StoryRecord[]): string {
  const counts = new Map<string, number>()
  for (const note of notes) counts.set(noteName(note.kind), (counts.get(noteName(note.kind)) ?? 0) + 1)
  const [first, ...rest] = [...counts].map(([name, n]) => (n === 1 ? name : `${n} × ${name}`))
  return rest.length > 1 ? `${first} and ${notes.length - 1} more` : [first, ...rest].join(', ')
}

const spoken = (record: StoryRecord, label: string): string => {
  const filter = filterOf(record)
  if (filter === 'prompts') return record.queued ? 'Prompt, queued' : 'Prompt'
  if (record.tool) return `${label} used ${record.tool.name}`
  return filter === 'answers' ? `${label} answered` : noteName(record.kind).replace('message assistant ', '')
}
