// One turn: its sentence, its facts, and on demand every record of it.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { memo, useMemo } from 'react'
import type { StoryRecord } from '../../folds/record.ts'
import type { SessionSummary, TurnStory } from '../../wire/live.ts'
import { askRecords } from '../state/api.ts'
import { useNow } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { Icon } from '../ui/bits.tsx'
import { flat } from '../ui/markdown.ts'
import { RecordView } from '../ui/record.tsx'
import { rowsOf } from '../ui/rows.ts'
import { useToggle } from '../ui/toggle.ts'
import { ago, clock, fullTime, presenceOf, relativePath } from '../ui/words.ts'
import { chipsOf, filesOf, partsOf, recordsOfTurn } from './model.ts'

const RECORDS_MAX = 300
const RECORDS_A_PAGE = 200
const FILES_SHOWN = 6

interface Props {
  readonly turn: TurnStory
  readonly number: number | null
  readonly label: string
  readonly session: SessionSummary
}

export const TurnCard = memo(function TurnCard({ turn, number, label, session }: Props) {
  const [isOpen, flip] = useToggle(`${turn.id}:turn`, false)
  const nowMs = useNow()
  const { did, why, end } = partsOf(turn)
  const isRunning = turn.outcome === 'running' && presenceOf(session, nowMs) !== 'idle'
  const event = turn.prompt?.event ?? turn.firstEvent
  return (
    <article
      className={`turn ${turn.outcome} ${isRunning ? 'is-running' : ''} ${turn.agentId === null ? '' : 'lane'}`}
      data-turn={turn.id}
    >
      <a
        className="turn-number"
        href={hrefOf({ view: 'live', session: turn.session, event })}
        title={`${fullTime(turn.started)} · open in Live`}
      >
        <b>{number ?? (turn.agentId === null ? '–' : '↳')}</b>
        <span>{clock(turn.started)}</span>
        <span className="quietly">open in Live</span>
      </a>
      <div className="turn-body">
        <p className="sentence">
          {did}
          {why && <q>{flat(why.replace(/^because (?:of )?/, ''))}</q>}
        </p>
        <ul className="facts-row">
          <li className={`outcome ${turn.outcome}`}>
            {isRunning && <span className="dot working" aria-hidden="true" />}
            {end === '' ? turn.outcome : end}
            {isRunning && `, ${ago(turn.started, nowMs)}`}
          </li>
          {chipsOf(turn).map((chip) => (
            <li key={chip.text} className={chip.tone === 'bad' ? 'bad' : undefined}>
              {chip.text}
            </li>
          ))}
        </ul>
        {turn.answer !== '' && <p className="turn-answer">{flat(turn.answer)}</p>}
        <Files targets={filesOf(turn)} cwd={session.cwd} />
        <button type="button" className="bare unfold" onClick={flip} aria-expanded={isOpen}>
          <Icon name="fold" /> {isOpen ? 'Fold' : `Unfold ${turn.events} events`}
        </button>
        {isOpen && <TurnRecords turn={turn} label={label} session={session} />}
      </div>
    </article>
  )
})

function Files({ targets, cwd }: { targets: readonly string[]; cwd: string | null }) {
  if (targets.length === 0) return null
  return (
    <p className="turn-files">
      {targets.slice(0, FILES_SHOWN).map((path) => (
        <code key={path}>{relativePath(path, cwd)}</code>
      ))}
      {targets.length > FILES_SHOWN && <span>and {targets.length - FILES_SHOWN} more</span>}
    </p>
  )
}

function TurnRecords({ turn, label, session }: Omit<Props, 'number'>) {
  const { data, error, isPending } = useQuery({
    // A growing turn is another question at each step; what is shown stays until the answer is there.
    queryKey: ['turn', turn.id, turn.lastEvent],
    queryFn: ({ signal }) => loadTurn(turn, signal),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => rowsOf(data?.records ?? []).list, [data])
  if (error) return <p className="aside bad">{error.message}</p>
  if (isPending) return <p className="aside">Loading …</p>
  return (
    <div className="turn-records">
      {rows.map((row) =>
        row.kind === 'day' ? null : (
          <RecordView key={row.key} row={row} label={label} laneName={null} cwd={session.cwd} isMarked={false} />
        ),
      )}
      {!data.isWhole && (
        <p className="aside">
          The turn goes on.{' '}
          <a href={hrefOf({ view: 'live', session: turn.session, event: data.records.at(-1)?.id ?? turn.firstEvent })}>
            Read on in Live
          </a>
        </p>
      )}
    </div>
  )
}

async function loadTurn(
  turn: TurnStory,
  signal: AbortSignal,
): Promise<{ records: readonly StoryRecord[]; isWhole: boolean }> {
  const lane = { session: turn.session, agent: turn.agentId ?? 'main', limit: RECORDS_A_PAGE }
  let page = await askRecords({ ...lane, around: turn.firstEvent }, signal)
  let all = page.records
  let found = recordsOfTurn(turn, all)
  while (!found.isWhole && page.more.after && found.records.length < RECORDS_MAX) {
    const after = page.cursors.at(-1)
    if (after === undefined) break
    page = await askRecords({ ...lane, after }, signal)
    all = all.concat(page.records)
    found = recordsOfTurn(turn, all)
  }
  return { records: found.records.slice(0, RECORDS_MAX), isWhole: found.isWhole && found.records.length <= RECORDS_MAX }
}
