// All files that agents touched: narrowed by words of their path, in the order one asks for.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { ListedFile } from '../../../wire/files.ts'
import { askFiles } from '../../state/api.ts'
import { FILE_ORDERS, type FileOrder, type FilesPlace } from '../../state/files-route.ts'
import { go, useNow } from '../../state/hooks.ts'
import { counted, fullTime, when } from '../../ui/words.ts'
import { moneyOf, uniqueFiles } from './model.ts'
import { Answer, Change, FileName, Frame, LineCounts, MoreButton } from './parts.tsx'

type Place = FilesPlace & { readonly at: 'list' }

const FILES_A_PAGE = 100
const TYPING_MS = 120
const ORDER_WORDS: Readonly<Record<FileOrder, string>> = {
  changed: 'Changed last',
  touched: 'Touched last',
  lines: 'Most lines',
  turns: 'Most turns',
  cost: 'Dearest prompts',
}

export function FileList({ place }: { place: Place }) {
  const { words, order, read, aside } = place
  const pages = useInfiniteQuery({
    queryKey: ['files', words, order, read, aside],
    queryFn: ({ pageParam, signal }) =>
      askFiles(
        {
          words: words.trim() || null,
          sort: order,
          read: read ? 1 : 0,
          aside: aside ? 1 : 0,
          limit: FILES_A_PAGE,
          offset: pageParam,
        },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  const files = uniqueFiles(pages.data?.pages ?? [])
  const count = pages.data?.pages.at(-1)?.count
  const show = (change: Partial<Place>) => go({ view: 'explore', files: { ...place, ...change } }, 'replace')
  return (
    <Frame label="Files">
      <header className="explore-head">
        <h1 aria-live="polite">{count === undefined ? 'Files' : counted(count, 'file')}</h1>
        <p className="aside">
          {read ? 'Changed or read' : 'Changed'} by agents, each with every turn and prompt that did it. The dollars are
          the whole cost of the prompts that changed a file, whatever else they did: not to be added up.
        </p>
        <Words words={words} ask={(next) => show({ words: next })} />
        <fieldset className="filters" aria-label="Order">
          {FILE_ORDERS.map((each) => (
            <button
              key={each}
              type="button"
              className="chip"
              aria-pressed={order === each}
              onClick={() => show({ order: each })}
            >
              {ORDER_WORDS[each]}
            </button>
          ))}
        </fieldset>
        <fieldset className="filters also" aria-label="Also">
          <Also isOn={read} what="those only read" flip={() => show({ read: !read })} />
          <Also isOn={aside} what="plans and scratch files" flip={() => show({ aside: !aside })} />
        </fieldset>
      </header>
      <Answer what="the files" asked={pages}>
        {files.length === 0 ? (
          <p className="none">
            {words.trim() === '' ? 'No agent changed a file yet.' : 'No file has these words in its path.'}
          </p>
        ) : (
          <ol className={pages.isPlaceholderData ? 'file-rows is-old' : 'file-rows'}>
            {files.map((file) => (
              <FileRow key={file.path} file={file} order={order} />
            ))}
          </ol>
        )}
        <MoreButton pages={pages} what="files" />
      </Answer>
    </Frame>
  )
}

function Also({ isOn, what, flip }: { isOn: boolean; what: string; flip: () => void }) {
  return (
    <button type="button" className="chip" aria-pressed={isOn} onClick={flip}>
      with {what}
    </button>
  )
}

function Words({ words, ask }: { words: string; ask: (words: string) => void }) {
  const [typed, setTyped] = useState(words)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => setTyped((now) => (now.trim() === words.trim() ? now : words)), [words])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <input
      type="search"
      className="file-words"
      value={typed}
      placeholder="Words of a path"
      aria-label="Only files with these words in their path"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        const next = event.target.value
        setTyped(next)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => ask(next.trim()), TYPING_MS)
      }}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  )
}

function FileRow({ file, order }: { file: ListedFile; order: FileOrder }) {
  const nowMs = useNow()
  const time = order === 'touched' ? file.last : (file.changed ?? file.last)
  const money = moneyOf(file)
  return (
    <li className="file-row" data-row tabIndex={-1}>
      <time dateTime={time ?? undefined} title={fullTime(time)}>
        {when(time, nowMs)}
      </time>
      <Change change={file.change} />
      <FileName path={file.path} />
      <LineCounts added={file.added} removed={file.removed} />
      <span className="number turns">{counted(file.turns, 'turn')}</span>
      <span className="number" title="What the prompts cost that changed it">
        {money ?? <span className="quietly">no known cost</span>}
      </span>
    </li>
  )
}
