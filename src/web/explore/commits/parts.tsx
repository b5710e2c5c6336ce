// What commits are shown by: the way back, the bar of how much agents wrote, a prompt that leads to its turn, and trouble in a sentence.
import type { ReactNode } from 'react'
import type { CommitPrompt, LineShare } from '../../../wire/commits.ts'
import { ApiError } from '../../state/api.ts'
import { ALL_CHECKOUTS, commitsOf } from '../../state/commits-route.ts'
import { hrefOf } from '../../state/route.ts'
import { Notice, WaitingLines } from '../../ui/bits.tsx'
import { Flat } from '../../ui/read-markdown.ts'
import { baseName } from '../../ui/words.ts'
import { partsOf, sharePhrase, sureWords } from './model.ts'

export function Crumbs({ repo }: { repo?: string }) {
  return (
    <nav className="aside crumbs" aria-label="Where this is">
      <a href={hrefOf({ view: 'explore', commits: ALL_CHECKOUTS })}>Commits</a>
      {repo !== undefined && (
        <>
          {' '}
          <span aria-hidden="true">›</span>{' '}
          <a href={hrefOf({ view: 'explore', commits: commitsOf(repo) })}>{baseName(repo)}</a>
        </>
      )}
    </nav>
  )
}

// The surest part first and fullest; what nobody is known to have written is only the line.
export function ShareBar({ lines }: { lines: LineShare }) {
  if (lines.added === 0) return null
  const said = `${sharePhrase(lines)}: ${sureWords(lines).join(', ')}`
  return (
    <span className="share-bar" role="img" aria-label={said} title={said}>
      {partsOf(lines).map(({ sure, share }) =>
        share === 0 ? null : <span key={sure} className={`is-${sure}`} style={{ width: `${share}%` }} />,
      )}
    </span>
  )
}

const PROMPT_SHOWN = 160
export function PromptLink({ prompt }: { prompt: CommitPrompt }) {
  const { session, turn, text } = prompt
  const words = (text ?? '').slice(0, PROMPT_SHOWN).trim()
  return (
    <a className="commit-prompt" href={hrefOf({ view: 'story', session, turn })} title="Read the turn">
      {words === '' ? 'A prompt without words' : <Flat text={words} />}
    </a>
  )
}

interface AskedProps {
  readonly what: string
  readonly repo: string
  readonly asked: { readonly isPending: boolean; readonly error: Error | null; readonly refetch: () => unknown }
  readonly children: ReactNode
}
// A folder of another machine is no failure.
export function Asked({ what, repo, asked, children }: AskedProps) {
  const { error, isPending, refetch } = asked
  if (error instanceof ApiError && error.status === 404 && isNoCheckout(error))
    return (
      <p className="none">
        No session worked in a git checkout at <code>{repo}</code> that is on this machine, so its commits cannot be
        read.
      </p>
    )
  if (error !== null)
    return (
      <Notice title={`Cannot show ${what}.`} bad>
        <p>{error.message}</p>
        <button type="button" className="plain" onClick={() => void refetch()}>
          Try again
        </button>
      </Notice>
    )
  return isPending ? <WaitingLines what={what} /> : children
}

export const isNoCheckout = ({ message }: Error): boolean => message.startsWith('no session worked in a git checkout')
