// The commits of a checkout, the newest first: how much of each agents wrote, what its prompts cost, and the turns that are in it.
import { useInfiniteQuery } from '@tanstack/react-query'
import type { CommitAnswer } from '../../../wire/commits.ts'
import { askCommits } from '../../state/api.ts'
import { commitsOf } from '../../state/commits-route.ts'
import { useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { baseName, counted, fullTime, when } from '../../ui/words.ts'
import { Frame, MoreButton } from '../file/parts.tsx'
import { foremost, moneyOf, percentOf, shaOf, sharePhrase, uniqueCommits } from './model.ts'
import { Asked, Crumbs, PromptLink, ShareBar } from './parts.tsx'

const COMMITS_A_PAGE = 10 // each is laid over what sessions wrote, line by line
const PROMPTS_SHOWN = 3

export function CommitLog({ repo }: { repo: string }) {
  const pages = useInfiniteQuery({
    queryKey: ['commits', repo],
    queryFn: ({ pageParam, signal }) => askCommits({ repo, limit: COMMITS_A_PAGE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ commits }, _all, offset) =>
      commits.length < COMMITS_A_PAGE ? undefined : offset + COMMITS_A_PAGE,
    staleTime: 30_000,
    retry: false,
  })
  const commits = uniqueCommits(pages.data?.pages ?? [])
  return (
    <Frame label="Commits">
      <header className="explore-head">
        <Crumbs />
        <h1>{baseName(repo)}</h1>
        <p className="aside">
          Lines that a commit added, laid over what agents wrote. The dollars are the whole cost of the prompts in it,
          whatever else they did: not to be added up.
        </p>
      </header>
      <Asked what="the commits" repo={repo} asked={pages}>
        {commits.length === 0 ? (
          <p className="none">Nothing is committed here yet.</p>
        ) : (
          <ol className="commits">
            {commits.map((commit) => (
              <Row key={commit.commit} repo={repo} commit={commit} />
            ))}
          </ol>
        )}
        <MoreButton pages={pages} what="commits" />
      </Asked>
    </Frame>
  )
}

function Row({ repo, commit }: { repo: string; commit: CommitAnswer }) {
  const nowMs = useNow()
  const { lines, prompts, subject, committed } = commit
  const { shown, more } = foremost(prompts, PROMPTS_SHOWN)
  const money = moneyOf(commit)
  const to = hrefOf({ view: 'explore', commits: commitsOf(repo, commit.commit) })
  return (
    <li className="commit" data-row tabIndex={-1}>
      <div className="commit-margin">
        <time dateTime={committed} title={fullTime(committed)}>
          {when(committed, nowMs)}
        </time>
        <b>{percentOf(lines)}</b>
      </div>
      <div className="commit-body">
        <h2>
          <a href={to} data-opens>
            {subject || 'A commit without words'}
          </a>
        </h2>
        <p className="commit-facts">
          <code>{shaOf(commit.commit)}</code>
          <span>{sharePhrase(lines)}</span>
          {money !== null && <span>{money}</span>}
        </p>
        <ShareBar lines={lines} />
        {shown.length > 0 && (
          <ul className="commit-turns" aria-label="Turns in it">
            {shown.map((prompt) => (
              <li key={prompt.turn}>
                <PromptLink prompt={prompt} /> <small>{counted(prompt.lines, 'line')}</small>
              </li>
            ))}
            {more > 0 && (
              <li>
                <a href={to}>{counted(more, 'more turn')}</a>
              </li>
            )}
          </ul>
        )}
      </div>
    </li>
  )
}
