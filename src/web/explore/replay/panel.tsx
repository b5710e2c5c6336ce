// The session as it stood at that moment: what was asked, what was touched, what was spent, what was left to do.
import { memo, useMemo } from 'react'
import type { SessionSummary } from '../../../wire/live.ts'
import type { MomentsAnswer } from '../../../wire/moments.ts'
import { fileAt } from '../../state/files-route.ts'
import { hrefOf } from '../../state/route.ts'
import { Flat } from '../../ui/read-markdown.ts'
import { TodoList } from '../../ui/todos.tsx'
import { compact, counted, dollars, elided, relativePath } from '../../ui/words.ts'
import { endOf } from '../file/model.ts'
import { type Course, type MarkKind, turnAt } from './course.ts'
import { agentsAt, filesAt, type SpentSoFar, spentBetween, todosAt } from './moment.ts'

const FILES_SHOWN = 8
const PROMPT_SHOWN = 240
const PATH_SHOWN = 36
const CHANGE_WORDS = {
  created: 'new',
  modified: 'changed',
  deleted: 'deleted',
  renamed: 'renamed',
} as const

export interface Told {
  readonly moments: MomentsAnswer | undefined // on its way
  readonly error: Error | null
}

interface Props {
  readonly session: SessionSummary
  readonly course: Course
  readonly told: Told & { readonly renew: () => Promise<unknown> }
  readonly shown: number
  readonly goTo: (shown: number) => void
}
const NOTHING = { paths: [], touches: [], cut: false, spent: [], todos: [] }
export const Panel = memo(function Panel({ session, course, told, shown, goTo }: Props) {
  const { moments = NOTHING, error } = told
  const isWaiting = told.moments === undefined
  const ms = course.times[shown - 1] ?? 0
  const at = turnAt(course, shown)
  const turn = course.turns[at]?.turn ?? null
  const files = useMemo(() => filesAt(moments, ms), [moments, ms])
  const todos = todosAt(moments.todos, course.cursors[shown - 1] ?? 0)
  const agents = agentsAt(session.agents, ms)
  const since = course.turns[at] === undefined ? null : course.times[course.turns[at].index]!
  const all = useMemo(() => spentBetween(moments.spent, null, ms), [moments, ms])
  const own = useMemo(() => (since === null ? null : spentBetween(moments.spent, since, ms)), [moments, since, ms])
  return (
    <div className="moment">
      {error !== null && (
        <p className="aside bad" role="alert">
          Not all of this is known: {error.message}{' '}
          <button type="button" className="bare" onClick={() => void told.renew()}>
            Try again
          </button>
        </p>
      )}
      <section>
        <h2>Asked {at >= 0 && <span>turn {at + 1}</span>}</h2>
        {turn === null ? (
          <p className="aside">{at < 0 ? 'Nothing yet.' : isWaiting ? ' ' : 'What this turn was asked is not told.'}</p>
        ) : (
          <p className="moment-prompt">
            <a href={hrefOf({ view: 'story', session: session.id, turn: turn.id })} title="Read the turn">
              <Flat text={elided(turn.prompt, PROMPT_SHOWN)} />
            </a>
          </p>
        )}
        {agents.length > 0 && (
          <ul className="moment-agents" aria-label="Subagents at work">
            {agents.map((agent) => (
              <li key={agent.id}>
                <b>{agent.type ?? 'Subagent'}</b> {agent.task}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h2>Spent so far</h2>
        {all.requests === 0 ? (
          <p className="aside">{isWaiting ? 'Being added up …' : 'Nothing that was written down.'}</p>
        ) : (
          <dl className="moment-spent">
            <Spent name="in all" spent={all} />
            {own !== null && <Spent name="this prompt" spent={own} />}
          </dl>
        )}
      </section>
      {todos.length > 0 && (
        <section>
          <h2>
            To-dos{' '}
            <span>
              {todos.filter(({ state }) => state === 'done').length} of {todos.length} done
            </span>
          </h2>
          <TodoList todos={todos} />
        </section>
      )}
      <section>
        <h2>
          Files so far <span>{isWaiting ? '…' : filesSaid(files.changed.length, files.read)}</span>
        </h2>
        <ul className="moment-files">
          {files.changed.slice(0, FILES_SHOWN).map(({ path, change }) => (
            <li key={path}>
              <a href={hrefOf({ view: 'explore', files: fileAt(path) })} title={path}>
                {endOf(relativePath(path, session.cwd), PATH_SHOWN)}
              </a>{' '}
              <small className={`is-${change}`}>{CHANGE_WORDS[change]}</small>
            </li>
          ))}
        </ul>
        {(files.changed.length > FILES_SHOWN || files.isCut) && (
          <p className="aside">
            and {files.isCut ? 'more than are kept here' : counted(files.changed.length - FILES_SHOWN, 'more file')}
          </p>
        )}
      </section>
      <Marks course={course} shown={shown} goTo={goTo} />
    </div>
  )
})

const whole = (n: number): string => n.toLocaleString('en-US')
const filesSaid = (changed: number, read: number): string =>
  [changed > 0 ? `${whole(changed)} changed` : '', read > 0 ? `${whole(read)} only read` : '']
    .filter(Boolean)
    .join(', ') || 'none'

function Spent({ name, spent }: { name: string; spent: SpentSoFar }) {
  const { usd, isLowerBound, input, output, cached } = spent
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{dollars({ usd, lower_bound: isLowerBound })}</b>
        <span>
          {compact(input + cached)} in · {compact(output)} out
        </span>
      </dd>
    </div>
  )
}

const MARK_WORDS: readonly (readonly [MarkKind, string])[] = [
  ['error', 'error'],
  ['commit', 'commit'],
]

// From one to the next, and round.
function Marks({ course, shown, goTo }: Pick<Props, 'course' | 'shown' | 'goTo'>) {
  return (
    <ul className="moment-marks" aria-label="Marks on the line">
      {MARK_WORDS.map(([kind, word]) => {
        const all = course.marks.filter((mark) => mark.kind === kind)
        const next = all.find(({ index }) => index >= shown) ?? all[0]
        return next === undefined ? null : (
          <li key={kind}>
            <button type="button" className={`plain is-${kind}`} title={next.text} onClick={() => goTo(next.index + 1)}>
              {counted(all.length, word)} <span aria-hidden="true">›</span>
              <span className="quietly">, to the next</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
