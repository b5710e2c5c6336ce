// j, k, g, G and Enter walk rows that can be stood on; Escape leaves them.
import { useKeys } from '../../ui/keys.ts'

const ROW = '[data-row]'

export function useRowKeys(): void {
  const step = (by: 1 | -1) => {
    const rows = rowsNow()
    const at = rows.indexOf(document.activeElement?.closest<HTMLElement>(ROW) as HTMLElement)
    stand(at < 0 ? rows[0] : rows[at + by])
  }
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    g: () => stand(rowsNow()[0]),
    G: () => stand(rowsNow().at(-1)),
    Escape: () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
  })
}

const rowsNow = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(ROW)]

function stand(row: HTMLElement | undefined): void {
  row?.scrollIntoView({ block: 'nearest' })
  row?.focus({ preventScroll: true })
}

// Enter on a row goes where its first link leads; on a link inside it, that is the link's.
export function openRow(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLElement) || !event.target.matches(ROW)) return
  event.target.querySelector<HTMLElement>('a[data-opens]')?.click()
}
