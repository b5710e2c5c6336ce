// A machine without transcripts, and a server that does not answer: each says what is so and what helps.
import { useQuery } from '@tanstack/react-query'
import { askHealth } from '../state/api.ts'
import { useStore } from '../state/hooks.ts'
import { Notice } from '../ui/bits.tsx'

export function Empty() {
  const { data } = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => askHealth(signal) })
  const watching = data?.layers.filter((layer) => /watch/i.test(layer.name)) ?? []
  return (
    <Notice isAlone title="No coding agent has written anything here yet.">
      <p>
        OpenStory reads what coding agents already write to this disk, and changes nothing of theirs. Start a session in
        any of them, and it appears here as it happens.
      </p>
      {watching.map((layer) => (
        <p key={layer.name} className="watching">
          <b>{layer.name}</b> {layer.says}
          {placesOf(layer.facts).map((place) => (
            <code key={place}>{place}</code>
          ))}
        </p>
      ))}
      <p>To see it move before that, have an invented agent work in a folder of its own:</p>
      <code className="line">openstory demo</code>
      <p>
        And to see what was looked for, and where: <code>openstory doctor</code>
      </p>
    </Notice>
  )
}

export function Offline({ trouble }: { trouble: Error }) {
  const store = useStore()
  return (
    <Notice isAlone title="OpenStory does not answer." bad>
      <p>{trouble.message}</p>
      <p>This page tries again by itself. When the server was stopped, start it in a terminal:</p>
      <code className="line">openstory</code>
      <button type="button" className="plain" onClick={() => store.wake()}>
        Try now
      </button>
    </Notice>
  )
}

// The folders a watcher names, in whatever detail it names them.
function placesOf(facts: Readonly<Record<string, unknown>>): readonly string[] {
  const roots = Array.isArray(facts.roots) ? (facts.roots as unknown[]) : []
  return roots.flatMap((root) => {
    if (typeof root === 'string') return [root]
    const path = (root as { path?: unknown } | null)?.path
    return typeof path === 'string' ? [path] : []
  })
}
