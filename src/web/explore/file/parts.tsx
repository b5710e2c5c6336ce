// What every page of files is made of: its frame, a name, what became of it.
import type { ReactNode } from 'react'
import type { FileChange } from '../../../wire/files.ts'
import { ALL_FILES, fileAt } from '../../state/files-route.ts'
import { useNarrow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { Icon, Notice, WaitingLines } from '../../ui/bits.tsx'
import { openRow } from './keys.ts'
import { CHANGES, endOf, placeOf } from './model.ts'
import './file.css'

export function Frame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      className="explore scroller"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      onKeyDown={openRow}
    >
      <div className="explore-column files">{children}</div>
    </section>
  )
}

export function Crumbs() {
  return (
    <nav className="aside crumbs" aria-label="Where this is">
      <a href={hrefOf({ view: 'explore' })}>Explore</a> <span aria-hidden="true">›</span>{' '}
      <a href={hrefOf({ view: 'explore', files: ALL_FILES })}>Files</a>
    </nav>
  )
}

// `what`: a question that is being answered.
export function Answer({
  what,
  asked,
  children,
}: {
  what: string
  asked: { readonly isPending: boolean; readonly error: Error | null }
  children: ReactNode
}) {
  if (asked.error)
    return (
      <Notice title={`Cannot show ${what}.`} bad>
        <p>{asked.error.message}</p>
      </Notice>
    )
  return asked.isPending ? <WaitingLines what={what} /> : children
}

// A name and its folder stand on one line, where there is room for one.
const LINE_CHARS = 54
const FOLDER_CHARS_MIN = 18
const FOLDER_CHARS_NARROW = 27

export function FileName({ path }: { path: string }) {
  const { name, folder } = placeOf(path)
  const room = useNarrow() ? FOLDER_CHARS_NARROW : Math.max(FOLDER_CHARS_MIN, LINE_CHARS - name.length)
  return (
    <a className="file-name" href={hrefOf({ view: 'explore', files: fileAt(path) })} title={placeText(path)} data-opens>
      <b>{name}</b> <span className="file-folder">{endOf(folder, room)}</span>
    </a>
  )
}
export const placeText = (path: string): string => {
  const { name, folder } = placeOf(path)
  return folder + name
}

export function Change({ change }: { change: FileChange }) {
  const { word, icon } = CHANGES[change]
  return (
    <span className={`file-change is-${change}`}>
      <Icon name={icon} /> {word}
    </span>
  )
}

export function LineCounts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="facts">
      {added > 0 && (
        <span className="plus">
          +{added}
          <span className="quietly"> lines</span>
        </span>
      )}
      {removed > 0 && (
        <span className="minus">
          −{removed}
          <span className="quietly"> lines</span>
        </span>
      )}
    </span>
  )
}

interface More {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  fetchNextPage(): unknown
}
export function MoreButton({ pages, what }: { pages: More; what: string }) {
  if (!pages.hasNextPage) return null
  return (
    <button
      type="button"
      className="plain"
      disabled={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {pages.isFetchingNextPage ? 'Loading …' : `More ${what}`}
    </button>
  )
}
