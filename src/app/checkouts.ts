// The git checkouts of this machine that sessions worked in, the one that was worked in last first. A folder that is gone, or lies in no
// checkout, is none.
import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { StoreReader } from '../stores/store.ts'
import type { Checkout, CheckoutsAnswer } from '../wire/commits.ts'
import { repositoryOf } from './blame.ts'

const PAGE = 500
const FOLDERS_MAX = 400 // the latest
const AT_ONCE = 8

export async function checkoutsAsked(reader: Pick<StoreReader, 'sessions'>): Promise<CheckoutsAnswer> {
  const folders = await foldersOf(reader)
  const known = [...folders].slice(0, FOLDERS_MAX)
  const checkouts = new Map<string, Checkout>()
  for (let at = 0; at < known.length; at += AT_ONCE) {
    const some = known.slice(at, at + AT_ONCE)
    const tops = await Promise.all(some.map(([folder]) => (existsSync(folder) ? repositoryOf(folder) : null)))
    for (const [i, [, { sessions, ended }]] of some.entries()) {
      const repo = tops[i]
      if (repo == null) continue
      const before = checkouts.get(repo)
      checkouts.set(repo, { repo, sessions: sessions + (before?.sessions ?? 0), ended: before?.ended ?? ended })
    }
  }
  return { checkouts: [...checkouts.values()], folders: known.length, more: folders.size - known.length }
}

// Folder → how many sessions were in it, and when the last of them ended; the latest first.
async function foldersOf(reader: Pick<StoreReader, 'sessions'>) {
  const folders = new Map<string, { sessions: number; readonly ended: string | null }>()
  for (let before: string | null = null; ; ) {
    const page = await reader.sessions({ limit: PAGE, ...(before !== null && { before }) })
    for (const { cwd, ended } of page.rows) {
      if (!cwd || !isAbsolute(cwd)) continue // not one of another machine's kind
      const folder = folders.get(cwd)
      if (folder === undefined) folders.set(cwd, { sessions: 1, ended })
      else folder.sessions++
    }
    before = page.next
    if (before === null) return folders
  }
}
