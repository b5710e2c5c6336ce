// Where transcripts are and when they change. One watch a folder (Linux' inotify tells of the files in it) or one a tree where the
// system has recursive watches; new nested folders are looked into when their watch stands; a slow sweep is the net below it all
// (symbolic links, network folders, watches that could not be had).
import { type FSWatcher, readdirSync, realpathSync, statSync, watch } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { type Log, reasonOf } from '../base/log.ts'

export interface FoundFile {
  readonly root: string
  readonly path: string // relative, '/' between folders
  readonly mtimeMs: number
}

export interface FinderParts {
  readonly roots: readonly string[]
  readonly depthOf?: (root: string) => number | undefined // how far below a root is looked; DEPTH_MAX where it does not say
  readonly wants: (path: string) => boolean // by relative path
  readonly onFile: (root: string, path: string) => void // it appeared or changed; may be told often
  readonly log: Log
  readonly sweepMs: number
}

const DEPTH_MAX = 12
const RECURSIVE = process.platform === 'darwin' || process.platform === 'win32'

export class Finder {
  readonly #parts: FinderParts
  readonly #watches = new Map<string, { readonly watch: FSWatcher; readonly inode: number }>()
  readonly #awaited = new Map<string, FSWatcher>() // root that is not there → its nearest ancestor
  readonly #stamps = new Map<string, string>() // by absolute path, as of the last look
  readonly #unreadable = new Set<string>()
  #walked: Set<string> | null = null // by a sweep that goes on: what is not there any more is forgotten behind it
  #timer: NodeJS.Timeout | null = null
  #saidNoWatch = false
  #watching = false // from start to close
  trouble: string | null = null

  constructor(parts: FinderParts) {
    this.#parts = parts
  }

  // All files now, newest first; from here on changes are told.
  start(): FoundFile[] {
    this.#watching = true
    const found = this.list()
    this.#plan()
    return found
  }

  // All files now, newest first; nothing is watched for it.
  list(): FoundFile[] {
    const found: FoundFile[] = []
    for (const root of this.#parts.roots) this.#walk(root, '', 0, new Set(), (file) => found.push(file))
    return found.sort((a, b) => b.mtimeMs - a.mtimeMs)
  }

  watches(): number {
    return this.#watches.size + this.#awaited.size
  }

  close(): void {
    this.#watching = false
    if (this.#timer) clearTimeout(this.#timer)
    for (const { watch } of this.#watches.values()) watch.close()
    this.#watches.clear()
    for (const root of [...this.#awaited.keys()]) this.#arrived(root)
  }

  // The next sweep tells of this file again, changed or not.
  lookAgain(root: string, path: string): void {
    this.#stamps.delete(join(root, path))
  }

  // Sees what notifications missed: a file that is not as it was at the last look.
  sweep(): void {
    this.trouble = null
    this.#walked = new Set()
    for (const root of this.#parts.roots)
      this.#walk(root, '', 0, new Set(), ({ path }) => this.#parts.onFile(root, path))
    for (const path of this.#stamps.keys()) if (!this.#walked.has(path)) this.#stamps.delete(path)
    this.#walked = null
  }

  #plan(): void {
    this.#timer = setTimeout(() => {
      this.sweep()
      if (this.#watching) this.#plan()
    }, this.#parts.sweepMs)
    this.#timer.unref()
  }

  #walk(root: string, folder: string, depth: number, seen: Set<string>, each: (file: FoundFile) => void): void {
    const path = join(root, folder)
    const real = this.#realOf(path)
    if (real === null) return folder === '' ? this.#await(root) : undefined
    if (seen.has(real) || depth > this.#depthOf(root)) return // a link back to where we came from
    seen.add(real)
    if (folder === '') this.#arrived(root)
    this.#watch(root, folder, path)
    for (const entry of this.#entries(path)) {
      const inner = folder === '' ? entry.name : `${folder}/${entry.name}`
      const stat = entry.isDirectory() ? null : statOf(join(path, entry.name))
      if (entry.isDirectory() || stat?.isDirectory()) this.#walk(root, inner, depth + 1, seen, each)
      else if (stat?.isFile() && this.#parts.wants(inner)) {
        const key = join(path, entry.name)
        this.#walked?.add(key)
        const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs}`
        if (this.#stamps.get(key) === stamp) continue
        this.#stamps.set(key, stamp)
        each({ root, path: inner, mtimeMs: stat.mtimeMs })
      }
    }
  }

  #depthOf(root: string): number {
    return Math.min(this.#parts.depthOf?.(root) ?? DEPTH_MAX, DEPTH_MAX)
  }

  #entries(path: string) {
    try {
      const entries = readdirSync(path, { withFileTypes: true })
      this.#unreadable.delete(path)
      return entries
    } catch (error) {
      this.#cannotRead(path, error)
      return []
    }
  }

  #realOf(path: string): string | null {
    try {
      return realpathSync(path)
    } catch (error) {
      this.#cannotRead(path, error)
      return null
    }
  }

  // What is not there is no trouble; what is there and closed to us is.
  #cannotRead(path: string, error: unknown): void {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return
    this.trouble = `${path} cannot be read (${code}); give this user read permission to have its sessions`
    if (!this.#unreadable.has(path)) this.#parts.log.warn({ path, code }, `watcher: ${this.trouble}`)
    this.#unreadable.add(path)
  }

  #watch(root: string, folder: string, path: string): void {
    const recursive = RECURSIVE && this.#depthOf(root) === DEPTH_MAX
    if (!this.#watching || (recursive && folder !== '')) return
    const inode = statOf(path)?.ino ?? 0
    if (this.#watches.get(path)?.inode === inode) return
    this.#unwatch(path) // another folder stands there now
    const one = this.#listen(path, recursive, (name) => this.#heard(root, folder, path, name))
    if (one === null) return
    this.#watches.set(path, { watch: one, inode })
    one.on('error', () => this.#unwatch(path))
  }

  // A root that is not there yet: its nearest ancestor tells when something appears.
  #await(root: string): void {
    if (!this.#watching) return
    this.#arrived(root)
    const above = nearestOf(root)
    const [next] = relative(above, root).split(sep)
    const one = this.#listen(above, false, (name) => {
      if (name === null || name === next || name === basename(above)) this.#lookInto(root, '')
    })
    if (one === null) return
    this.#awaited.set(root, one)
    one.on('error', () => this.#arrived(root))
    if (nearestOf(root) !== above) this.#lookInto(root, '') // it came before the watch stood
  }

  #arrived(root: string): void {
    this.#awaited.get(root)?.close()
    this.#awaited.delete(root)
  }

  #listen(path: string, recursive: boolean, heard: (name: string | null) => void): FSWatcher | null {
    try {
      return watch(path, { recursive, persistent: true }, (_, name) => heard(name))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM' || code === 'ENOENT') return null // whoever reads the folder says so
      this.trouble = `no change notifications for some folders (${reasonOf(error)}); they are looked at every ${this.#parts.sweepMs / 1000} s; on Linux raise fs.inotify.max_user_watches`
      if (!this.#saidNoWatch) this.#parts.log.warn({ path, why: reasonOf(error) }, `watcher: ${this.trouble}`)
      this.#saidNoWatch = true
      return null
    }
  }

  #heard(root: string, folder: string, path: string, name: string | null): void {
    if (name === null) return this.#lookInto(root, folder)
    const inner = [folder, ...name.split(sep)].filter((part) => part !== '').join('/')
    if (this.#parts.wants(inner)) return this.#parts.onFile(root, inner)
    const stat = statOf(join(root, inner))
    if (stat?.isDirectory()) return this.#lookInto(root, inner)
    if (stat !== null) return
    this.#unwatch(join(path, name))
    // A watched folder tells of its own end under its own name; what stands there by now has no watch yet.
    if (name !== basename(path)) return
    this.#unwatch(path)
    this.#lookInto(root, folder)
  }

  // A folder appeared: its files may have been written before its watch stood.
  #lookInto(root: string, folder: string): void {
    const depth = folder === '' ? 0 : folder.split('/').length
    this.#walk(root, folder, depth, new Set(), ({ path }) => this.#parts.onFile(root, path))
  }

  #unwatch(path: string): void {
    for (const [watched, one] of this.#watches) {
      if (watched !== path && !watched.startsWith(path + sep)) continue
      one.watch.close()
      this.#watches.delete(watched)
    }
  }
}

// The folder itself, or the nearest one above it that is there.
function nearestOf(folder: string): string {
  let at = folder
  while (statOf(at) === null && dirname(at) !== at) at = dirname(at)
  return at
}

function statOf(path: string) {
  try {
    return statSync(path)
  } catch {
    return null // gone, or behind a folder that cannot be entered: #entries says so
  }
}
