// The command that goes on with a session in its own agent, one click away. The page does not know it: the agent's source does.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { askSession } from '../state/api.ts'
import { useActions } from '../ui/actions.ts'
import { Icon, Sheet } from '../ui/bits.tsx'

const SAID_MS = 2_000

export function Resume({ session }: { session: SessionSummary }) {
  const [said, setSaid] = useState<'copied' | 'by hand' | null>(null)
  const { data } = useQuery({
    queryKey: ['resume', session.id, session.cwd],
    queryFn: ({ signal }) => askSession(session.id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (said !== 'copied') return
    const timer = setTimeout(() => setSaid(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [said])
  const command = data?.resume ?? null
  const copy = () => {
    if (command !== null) copyText(command).then((isCopied) => setSaid(isCopied ? 'copied' : 'by hand'))
  }
  useActions([
    ...(command === null ? [] : [{ name: 'Copy the command that resumes this session', keys: ['y'], run: copy }]),
    { name: 'Copy a link to this view', run: () => void copyText(window.location.href) },
  ])
  if (command === null) return null
  return (
    <>
      <button type="button" className="plain resume" onClick={copy} title={command}>
        <Icon name="copy" /> <span aria-live="polite">{said === 'copied' ? 'Copied' : 'Resume'}</span>
        <span className="quietly">{said === 'copied' ? '' : ': copy the command'}</span>
      </button>
      {said === 'by hand' && (
        <Sheet title="Resume this session" onClose={() => setSaid(null)}>
          <p className="aside">The browser lets this page copy nothing. In a terminal:</p>
          <code className="line">{command}</code>
        </Sheet>
      )}
    </>
  )
}

// Only pages of this machine may use the clipboard; one served to another has to leave it to the person.
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (error) {
    console.warn('openstory: the clipboard', error)
    return false
  }
}
