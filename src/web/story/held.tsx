// Under an unfolded turn: the commits that hold its lines, whoever made them, each with its page. Asked for when the turn is unfolded.
import { useQuery } from '@tanstack/react-query'
import { createElement } from 'react'
import type { HoldingCommit, MadeCommitTold } from '../../wire/commits.ts'
import type { TurnStory } from '../../wire/live.ts'
import { ApiError, askTurnCommits } from '../state/api.ts'
import { commitsOf } from '../state/commits-route.ts'
import { hrefOf } from '../state/route.ts'
import { counted, fullTime } from '../ui/words.ts'
import './held.css'

const SHA_SHOWN = 9

// Whether it did anything that a commit could hold.
const isCommitted = ({ files, filesMore, done }: TurnStory): boolean =>
  filesMore > 0 || files.some(({ aside }) => !aside) || done.some(({ deed }) => deed === 'commit')

interface Props {
  readonly turn: TurnStory
  readonly cwd: string | null
  readonly heading: string // h3 …: where it stands among the others
}
export function HeldIn({ turn, cwd, heading }: Props) {
  if (turn.agentId !== null || cwd === null || !isCommitted(turn)) return null
  return (
    <section className="cycle turn-commits">
      <div className="cycle-head">
        {createElement(heading, null, 'Commits')} <span>that hold this work</span>
      </div>
      <Held turn={turn} repo={cwd} />
    </section>
  )
}

function Held({ turn, repo }: { turn: TurnStory; repo: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['commits of', turn.id, repo, turn.events],
    queryFn: ({ signal }) => askTurnCommits(turn.id, repo, signal),
    staleTime: 30_000,
    retry: false,
  })
  if (error instanceof ApiError && error.status === 404)
    return (
      <p className="aside">
        Not known: there is no git checkout at <code>{repo}</code> on this machine.
      </p>
    )
  if (error !== null)
    return (
      <p className="aside bad" role="alert">
        Not known: {error.message}{' '}
        <button type="button" className="bare" onClick={() => void refetch()}>
          Try again
        </button>
      </p>
    )
  if (data === undefined) return <p className="aside">Looking for its commits …</p>
  const held = data.holding?.commits ?? []
  const gone = data.commits.filter(({ now }) => now === 'not here')
  const more = data.holding?.more ?? 0
  return (
    <>
      {held.length === 0 && gone.length === 0 && (
        <p className="aside">No commit of what is checked out holds a line of this turn.</p>
      )}
      <ul>
        {held.map((commit) => (
          <Commit key={commit.commit} repo={data.repo} commit={commit} />
        ))}
        {gone.map((commit) => (
          <Gone key={commit.event} commit={commit} />
        ))}
      </ul>
      {more > 0 && (
        <p className="aside">
          {counted(more, 'later commit')} changed its files and {more === 1 ? 'was' : 'were'} not looked at.
        </p>
      )}
    </>
  )
}

function Commit({ repo, commit }: { repo: string; commit: HoldingCommit }) {
  const { subject, committed, lines, made } = commit
  return (
    <li>
      <a
        href={hrefOf({ view: 'explore', commits: commitsOf(repo, commit.commit) })}
        title={`${fullTime(committed)}, ${commit.author}`}
      >
        <code>{commit.commit.slice(0, SHA_SHOWN)}</code> <span>{subject || 'A commit without words'}</span>
      </a>
      <small>
        {lines > 0 && `${counted(lines, 'line')} of this turn`}
        {lines > 0 && made && ' · '}
        {made && 'made by it'}
      </small>
    </li>
  )
}

// It was made, and is nowhere in this checkout now.
function Gone({ commit: { sha, subject } }: { commit: MadeCommitTold }) {
  return (
    <li>
      <span>
        {sha !== null && <code>{sha.slice(0, SHA_SHOWN)}</code>} {subject}
      </span>
      <small>made by it, not in this checkout now</small>
    </li>
  )
}
