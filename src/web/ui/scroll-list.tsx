// A long list that fills its place and scrolls in it: drawn where it is seen, a region by name, reachable by keyboard.
import type { ReactElement, RefObject } from 'react'
import { VList, type VListHandle } from 'virtua'

interface Props<Row> {
  readonly list: RefObject<VListHandle | null>
  readonly label: string
  readonly className: string
  readonly rows: readonly Row[]
  readonly buffer: number // px drawn beyond what is seen
  readonly onScroll: (offset: number) => void
  readonly children: (row: Row) => ReactElement
}
export function ScrollList<Row>({ list, label, className, rows, buffer, onScroll, children }: Props<Row>) {
  return (
    <VList
      ref={list}
      className={`${className} scroller`}
      data={rows}
      bufferSize={buffer}
      onScroll={onScroll}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      {children}
    </VList>
  )
}
