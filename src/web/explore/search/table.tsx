// Every session, newest first, a line each.
import { memo, useRef } from 'react'
import type { VListHandle } from 'virtua'
import { filterText } from '../../../folds/query.ts'
import type { SessionSummary } from '../../../wire/live.ts'
import { useLabel, useLiveSlowly, useNow, useStore } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { Dot } from '../../ui/bits.tsx'
import { ScrollList } from '../../ui/scroll-list.tsx'
import { compact, counted, presenceOf, projectName, spanOf, titleOf, tokensOf, when } from '../../ui/words.ts'
import { useFacets } from './counted.ts'
import { Grammar } from './grammar.tsx'

type TableRow = SessionSummary | 'head' | 'names'

export function SessionTable() {
  const store = useStore()
  const sessions = useLiveSlowly((state) => state.sessions)
  const list = useRef<VListHandle>(null)
  const rows: readonly TableRow[] = ['head', 'names', ...[...sessions.rows.values()].sort(byEnd)]
  const more = (offset: number) => {
    const handle = list.current
    if (handle === null || sessions.next === null || offset + handle.viewportSize < handle.scrollSize - 800) return
    store.moreSessions().catch((error) => console.warn('openstory: older sessions', error))
  }
  return (
    <ScrollList list={list} label="All sessions" className="explore" rows={rows} buffer={400} onScroll={more}>
      {(row) =>
        row === 'head' ? (
          <div key="head" className="table-head">
            <h1>{counted(sessions.total, 'session')}</h1>
            <p className="aside">
              Type <kbd>/</kbd> and words to look through every prompt, answer, command and result; or begin with
            </p>
            <Begin />
            <Grammar q="" isOpen={false} />
          </div>
        ) : row === 'names' ? (
          <div key="names" className="table-row names" aria-hidden="true">
            <span />
            <span>Session</span>
            <span>Agent</span>
            <span>Last</span>
            <span className="number">Took</span>
            <span className="number">Turns</span>
            <span className="number">Tools</span>
            <span className="number">Tokens</span>
          </div>
        ) : (
          <SessionLine key={row.id} session={row} />
        )
      }
    </ScrollList>
  )
}

// Filters that have something to show, as a first step for someone without a word in mind.
const BEGIN_MAX = 8
function Begin() {
  const { now } = useFacets('', true)
  const offers = (now?.facets ?? []).flatMap(({ filter, values }) =>
    filter === 'type' || filter === 'file' || filter === 'cost'
      ? []
      : values.slice(0, filter === 'is' ? 1 : 2).map((value) => ({ filter, ...value })),
  )
  return (
    <p className="begin">
      {offers.slice(0, BEGIN_MAX).map(({ filter, value, label, count }) => (
        <a
          key={`${filter}:${value}`}
          className="plain"
          href={hrefOf({ view: 'explore', q: filterText(filter, value) })}
        >
          {label} <span>{compact(count)}</span>
        </a>
      ))}
    </p>
  )
}

const byEnd = (a: SessionSummary, b: SessionSummary) =>
  (a.ended ?? '') < (b.ended ?? '') ? 1 : (a.ended ?? '') > (b.ended ?? '') ? -1 : 0

const SessionLine = memo(function SessionLine({ session }: { session: SessionSummary }) {
  const nowMs = useNow()
  const label = useLabel(session.agent)
  return (
    <a className="table-row" href={hrefOf({ view: 'story', session: session.id })}>
      <Dot presence={presenceOf(session, nowMs)} />
      <span className="table-title">
        {titleOf(session)}
        <small>{projectName(session)}</small>
      </span>
      <span className="table-agent">{label}</span>
      <span className="table-when">{when(session.ended, nowMs)}</span>
      <span className="number">{spanOf(session.started, session.ended)}</span>
      <span className="number">
        {session.turns}
        <span className="quietly"> turns</span>
      </span>
      <span className="number">
        {compact(session.tools)}
        <span className="quietly"> tool calls</span>
      </span>
      <span className="number">
        {compact(tokensOf(session))}
        <span className="quietly"> tokens</span>
      </span>
    </a>
  )
})
