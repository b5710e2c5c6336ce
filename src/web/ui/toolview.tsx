// biome-ignore-all lint/suspicious/noArrayIndexKey: parts of one text never change their order
// A tool call with its result under it: one line to skim, its input and output to read.
import { useMemo } from 'react'
import type { StoryRecord } from '../../folds/record.ts'
import type { AgentRow } from '../../folds/session.ts'
import { wholePath } from '../../folds/turn/paths.ts'
import { fileAt } from '../state/files-route.ts'
import { useNow } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { Icon } from './bits.tsx'
import { CodeLines } from './code-lines.tsx'
import { tally } from './diff.ts'
import { languageOf } from './language.ts'
import { Diff, Lines } from './lines.tsx'
import { Pictures } from './pictures.tsx'
import { Prose } from './prose.tsx'
import { TodoList } from './todos.tsx'
import { useFold } from './toggle.ts'
import { bodyOf, isOpenAtFirst, lineCount, type ToolBody, type ToolUse, verbOf } from './tool.ts'
import { useWhole } from './whole.ts'
import { ago, counted, duration, relativePath } from './words.ts'

interface Props {
  readonly record: StoryRecord & { readonly tool: ToolUse }
  readonly result: StoryRecord | null
  readonly cwd: string | null
  readonly agents: readonly AgentRow[] // that this call began
}

export function ToolCall({ record, result, cwd, agents }: Props) {
  const { tool } = record
  const isFailed = result?.result?.failed === true
  const [isOpen, flip] = useFold(`${record.id}:tool`, isOpenAtFirst(tool.kind) || isFailed)
  const [isWhole, takeWhole] = useFold(`${record.id}:whole`, false)
  const { whole, isFetching, error } = useWhole(record, isWhole)
  const body = useMemo(() => bodyOf(whole.tool ?? tool), [whole, tool])
  const target = relativePath(tool.target, cwd)
  return (
    <div className={isFailed ? 'tool failed' : 'tool'}>
      <button type="button" className="tool-head" onClick={flip} aria-expanded={isOpen}>
        <Icon name={tool.kind} />
        <span className="verb">{verbOf(tool)}</span>
        {body.as !== 'command' && <span className="target">{target}</span>}
        {body.as === 'command' && <span className="said">{body.note}</span>}
        <Facts body={body} record={record} result={result} />
      </button>
      {agents.map((agent) => (
        <Began key={agent.id} agent={agent} session={record.session} isDone={result !== null} />
      ))}
      {isOpen && (
        <div className="tool-body">
          <Input id={record.id} body={body} target={tool.target} />
          {record.more && !isWhole && (
            <button type="button" className="bare more-lines" onClick={takeWhole}>
              Shortened for the list. Show it whole
            </button>
          )}
          {isFetching && <p className="aside">Loading the whole event …</p>}
          {error && <p className="aside bad">{error.message}</p>}
          {result?.result?.feedback && (
            <div className="said-no">
              <p className="voice">You, instead</p>
              <p className="feedback">{result.result.feedback}</p>
            </div>
          )}
          {result && <Changes result={result} cwd={cwd} body={body} />}
          {result && (
            <Output record={result} kind={tool.kind} language={tool.kind === 'read' ? languageOf(tool.target) : ''} />
          )}
          {isOfFile(tool) && (
            <a className="bare more-lines" href={fileHref(tool.target, cwd)}>
              Everything that touched this file
            </a>
          )}
        </div>
      )}
    </div>
  )
}

const isOfFile = ({ kind, target }: ToolUse): boolean =>
  (kind === 'read' || kind === 'edit' || kind === 'write') && target !== ''
const fileHref = (path: string, cwd: string | null): string =>
  hrefOf({ view: 'explore', files: fileAt(wholePath(cwd, path)) })

// The subagent that a call set to work, and the way into its lane.
function Began({ agent, session, isDone }: { agent: AgentRow; session: string; isDone: boolean }) {
  const nowMs = useNow()
  return (
    <a className="began" href={hrefOf({ view: 'live', session, agent: agent.id })}>
      <span aria-hidden="true">↳</span>
      <b>{agent.type ?? 'Subagent'}</b>
      <span className="began-task">{agent.task ?? agent.id.slice(0, 8)}</span>
      <span className="facts">
        {counted(agent.events, 'event')}
        {!isDone && agent.ended !== null && ` · ${ago(agent.ended, nowMs)}`}
      </span>
    </a>
  )
}

// What a tool did to files, where its input does not show it: a patch through a shell, several files at once.
function Changes({ result, cwd, body }: { result: StoryRecord; cwd: string | null; body: ToolBody }) {
  const files = result.result?.files ?? []
  if (files.length === 0 || (files.length === 1 && (body.as === 'diff' || body.as === 'file'))) return null
  return (
    <ul className="changes" aria-label="Files changed">
      {files.map((file) => (
        <li key={file.path}>
          <span>{file.change}</span>
          <a href={fileHref(file.path, cwd)}>
            <code>
              {file.from !== undefined && `${relativePath(file.from, cwd)} → `}
              {relativePath(file.path, cwd)}
            </code>
          </a>
          <span className="facts">
            {file.added ? <span className="plus">+{file.added}</span> : null}
            {file.removed ? <span className="minus">−{file.removed}</span> : null}
          </span>
        </li>
      ))}
    </ul>
  )
}

// Lines added and removed: as the agent counted them in the result, else as its input shows them.
function countsOf(body: ToolBody, result: StoryRecord | null): { added: number; removed: number } {
  const files = result?.result?.files ?? []
  if (files.some((file) => file.added !== undefined || file.removed !== undefined))
    return {
      added: files.reduce((n, file) => n + (file.added ?? 0), 0),
      removed: files.reduce((n, file) => n + (file.removed ?? 0), 0),
    }
  if (body.as === 'diff') return tally(body.lines)
  return { added: body.as === 'file' ? lineCount(body.text) : 0, removed: 0 }
}

function Facts({ body, record, result }: { body: ToolBody; record: StoryRecord; result: StoryRecord | null }) {
  const { added, removed } = countsOf(body, result)
  const took = result?.time && record.time ? Date.parse(result.time) - Date.parse(record.time) : 0
  const outcome = result?.result
  const isLookup = record.tool?.kind === 'read' || record.tool?.kind === 'search'
  return (
    <span className="facts">
      {added > 0 && <span className="plus">+{added}</span>}
      {removed > 0 && <span className="minus">−{removed}</span>}
      {isLookup && result && !outcome?.failed && <span>{counted(lineCount(result.text), 'line')}</span>}
      {took >= 1_000 && <span>{duration(took)}</span>}
      {outcome && endingOf(outcome) !== null && <span className="fail">{endingOf(outcome)}</span>}
      {outcome?.background && <span className="pending">goes on in the background</span>}
      {!result && <span className="pending">no result yet</span>}
    </span>
  )
}

// How a call ended that did not simply work.
function endingOf({
  failed,
  refused,
  interrupted,
  exit,
}: Pick<NonNullable<StoryRecord['result']>, 'failed' | 'refused' | 'interrupted' | 'exit'>): string | null {
  if (refused) return 'refused'
  if (interrupted) return 'interrupted'
  if (exit !== undefined && exit !== 0) return `exit ${exit}`
  return failed ? 'failed' : null
}

function Input({ id, body, target }: { id: string; body: ToolBody; target: string }) {
  switch (body.as) {
    case 'diff':
      return <Diff id={id} lines={body.lines} language={languageOf(target)} />
    case 'file':
      return (
        <Diff
          id={id}
          language={languageOf(target)}
          lines={body.text
            .replace(/\n$/, '')
            .split('\n')
            .map((text) => ({ sign: '+', text }))}
        />
      )
    case 'command':
      return <Lines id={`${id}:cmd`} text={`$ ${body.command}`} max={10} />
    case 'words':
      return <Prose text={body.text} />
    case 'todos':
      return <TodoList todos={body.todos} />
    case 'questions':
      return body.questions.map((question, i) => (
        <div key={`${i}`} className="question">
          <p>{question.text}</p>
          <ul>
            {question.options.map((option, j) => (
              <li key={`${j}`}>{option}</li>
            ))}
          </ul>
        </div>
      ))
    case 'fields':
      return <Fields id={id} fields={body.fields.filter(([, value]) => value !== target)} />
  }
}

function Fields({ id, fields }: { id: string; fields: readonly (readonly [string, string])[] }) {
  if (fields.length === 0) return null
  return (
    <dl className="fields">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value.includes('\n') ? <Lines id={`${id}:${name}`} text={value} max={8} /> : value}</dd>
        </div>
      ))}
    </dl>
  )
}

// What came back. A failure is read from its end, everything else from its beginning.
interface OutputProps {
  readonly record: StoryRecord
  readonly kind: ToolUse['kind']
  readonly language?: string // of the file that was read
}
export function Output({ record, kind, language = '' }: OutputProps) {
  const [isWhole, takeWhole] = useFold(`${record.id}:whole`, false)
  const { whole, isFetching, error } = useWhole(record, isWhole)
  const isFailed = record.result?.failed === true
  // An edit that worked says so in a line; the change itself is what is read.
  const isReceipt = !isFailed && (kind === 'edit' || kind === 'write' || kind === 'todo') && lineCount(whole.text) <= 1
  if (whole.text.trim() === '' && !record.images) return <p className="aside">no output</p>
  return (
    <div className={isFailed ? 'output failed' : isReceipt ? 'output receipt' : 'output'}>
      {kind === 'delegate' || kind === 'web' || kind === 'plan' ? (
        <Prose text={whole.text} />
      ) : isReceipt ? (
        <p className="aside">{whole.text}</p>
      ) : language !== '' && !isFailed && !whole.text.includes('\u001b') ? (
        <CodeLines id={record.id} text={whole.text} language={language} max={10} />
      ) : (
        <Lines
          id={record.id}
          text={whole.text}
          max={kind === 'edit' || kind === 'write' ? 3 : 10}
          end={isFailed ? 'tail' : 'head'}
        />
      )}
      {record.images ? <Pictures record={record} count={record.images} /> : null}
      {record.more && !isWhole && (
        <button type="button" className="bare more-lines" onClick={takeWhole}>
          Shortened for the list. Show it whole
        </button>
      )}
      {isFetching && <p className="aside">Loading the whole event …</p>}
      {error && <p className="aside bad">{error.message}</p>}
    </div>
  )
}
