// Every move of every session as it passes, newest first: the front page's ticker. What the list is narrowed to narrows it too.
import { memo, useMemo } from 'react'
import type { StoryRecord } from '../../folds/record.ts'
import { useLabel, useLiveSlowly, useNow, useRoute } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { isListed } from '../state/sessions.ts'
import { Flat } from '../ui/read-markdown.ts'
import { filterOf, noteName } from '../ui/rows.ts'
import { verbOf } from '../ui/tool.ts'
import { clock, projectName, relativePath } from '../ui/words.ts'

const SHOWN = 24
const SAID_MAX = 200

export function Passing() {
  const { heard, sessions } = useLiveSlowly((state) => state)
  const { list } = useRoute()
  const nowMs = useNow()
  const shown = useMemo(
    () =>
      heard
        .filter((record) => {
          const session = sessions.rows.get(record.session)
          return isMove(record) && session !== undefined && isListed(session, list, nowMs)
        })
        .slice(-SHOWN)
        .reverse(),
    [heard, sessions, list, nowMs],
  )
  if (shown.length === 0) return null
  return (
    <>
      <h2>As it happens</h2>
      <ol className="passing" aria-label="The last moves of all sessions, newest first">
        {shown.map((record) => {
          const session = sessions.rows.get(record.session)!
          return <Move key={record.id} record={record} place={projectName(session)} cwd={session.cwd} />
        })}
      </ol>
    </>
  )
}

// What a person would call a move: results belong to their calls, notes to the margin.
const isMove = (record: StoryRecord): boolean => {
  const kind = filterOf(record)
  if (record.hidden || kind === 'notes') return false
  return record.tool !== undefined || (record.result === undefined && record.text.trim() !== '')
}

const Move = memo(function Move({ record, place, cwd }: { record: StoryRecord; place: string; cwd: string | null }) {
  const label = useLabel(record.agent)
  const kind = filterOf(record)
  const { tool } = record
  return (
    <li>
      <a className={kind} href={hrefOf({ view: 'live', session: record.session, event: record.id })}>
        <time>{clock(record.time)}</time>
        <span className="passing-place">{place}</span>
        <b>{tool ? verbOf(tool) : kind === 'prompts' ? 'You' : kind === 'errors' ? noteName(record.kind) : label}</b>
        <span className="passing-said">
          {tool ? relativePath(tool.target, cwd) : <Flat text={record.text.slice(0, SAID_MAX)} />}
        </span>
      </a>
    </li>
  )
})
