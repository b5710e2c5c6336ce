// A view whose script comes when somebody first goes there, or when the page has nothing else to do: what is seen first loads nothing of it.
// Once it is there it draws at once, as if it had always been.
import { type ComponentType, useEffect, useReducer, useState } from 'react'
import { Notice, WaitingLines } from './bits.tsx'

type Fetch = () => Promise<ComponentType>
export type Later = ComponentType & { readonly fetch: Fetch }
const all: Fetch[] = []

export function later(what: string, load: () => Promise<ComponentType>): Later {
  let come: ComponentType | null = null
  const fetch: Fetch = async () => {
    come ??= await load()
    return come
  }
  all.push(fetch)
  function View() {
    const [, draw] = useReducer((n: number) => n + 1, 0)
    const Come = come
    return Come !== null ? <Come /> : <OnItsWay what={what} fetch={fetch} onCome={draw} />
  }
  return Object.assign(View, { fetch })
}

interface Props {
  readonly what: string
  readonly fetch: Fetch
  readonly onCome: () => void
}
function OnItsWay({ what, fetch, onCome }: Props) {
  const [isRefused, setRefused] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it comes once
  useEffect(() => {
    fetch().then(onCome, (error) => {
      console.warn(`openstory: the script of ${what}`, error)
      setRefused(true)
    })
  }, [])
  if (!isRefused) return <WaitingLines what={what} />
  return (
    <Notice isAlone title="This part of the page could not be loaded." bad>
      <p>OpenStory does not answer, or it is another version than this page.</p>
      <button type="button" className="plain" onClick={() => window.location.reload()}>
        Load the page anew
      </button>
    </Notice>
  )
}

// One after the other, while nobody is kept waiting: the next place is there before it is asked for.
const REST_MS = 2_000 // what was asked for comes first
const IDLE_MS_MAX = 3_000 // a machine that is never idle gets them all the same
export function fetchTheRest(afterMs = REST_MS): void {
  const [next] = all.splice(0, 1)
  if (next === undefined) return
  const run = () =>
    void next().then(
      () => fetchTheRest(0),
      (error) => console.warn('openstory: a script that was not needed yet', error),
    )
  setTimeout(
    () => ('requestIdleCallback' in window ? window.requestIdleCallback(run, { timeout: IDLE_MS_MAX }) : run()),
    afterMs,
  )
}
