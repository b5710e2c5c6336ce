// Where transcripts are and when they change. One watch a folder (Linux' inotify tells of the files in it) or one a tree where the
// system has recursive watches; new nested folders are looked into when their watch stands; a slow sweep is the net below it all
// (symbolic links, network folders, watches that could not be had).
import { type FSWatcher, readdirSync, realpathSync, statSync, watch } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { type Log, reasonOf } from '../base/log.ts'

export interface FoundFile {
  readonly root: string
  readonly path: string // relative, '/' between folders
  readonly mtimeMs: number
}

export interface FinderParts {
  readonly roots: readonly string[]
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
  readonly #sizes = new Map<string, number>() // by absolute path, as of the last sweep
  #timer: NodeJS.Timeout | null = null
  #saidNoWatch = false
  #closed = false
  trouble: string | null = null

  constructor(parts: FinderParts) {
    this.#parts = parts
  }

  // All files now, newest first; from here on changes are told.
  start(): FoundFile[] {
    const found: FoundFile[] = []
    for (const root of this.#parts.roots) this.#walk(root, '', 0, new Set(), (file) => found.push(file))
    this.#plan()
    return found.sort((a, b) => b.mtimeMs - a.mtimeMs)
  }

  watches(): number {
    return this.#watches.size
  }

  close(): void {
    this.#closed = true
    if (this.#timer) clearTimeout(this.#timer)
    for (const { watch } of this.#watches.values()) watch.close()
    this.#watches.clear()
  }

  // Sees what notifications missed: a size that differs from the last look.
  sweep(): void {
    for (const root of this.#parts.roots)
      this.#walk(root, '', 0, new Set(), ({ path }) => this.#parts.onFile(root, path))
  }

  #plan(): void {
    this.#timer = setTimeout(() => {
      this.sweep()
      if (!this.#closed) this.#plan()
    }, this.#parts.sweepMs)
    this.#timer.unref()
  }

  #walk(root: string, folder: string, depth: number, seen: Set<string>, each: (file: FoundFile) => void): void {
    const path = join(root, folder)
    const real = realOf(path)
    if (real === null && folder === '') this.#awaitRoot(root)
    if (real === null || seen.has(real) || depth > DEPTH_MAX) return // not there (yet), or a link back to where we came from
    seen.add(real)
    this.#watch(root, folder, path)
    for (const entry of this.#entries(path)) {
      const inner = folder === '' ? entry.name : `${folder}/${entry.name}`
      const stat = entry.isDirectory() ? null : statOf(join(path, entry.name))
      if (entry.isDirectory() || stat?.isDirectory()) this.#walk(root, inner, depth + 1, seen, each)
      else if (stat?.isFile() && this.#parts.wants(inner)) {
        const key = join(path, entry.name)
        if (this.#sizes.get(key) === stat.size) continue
        this.#sizes.set(key, stat.size)
        each({ root, path: inner, mtimeMs: stat.mtimeMs })
      }
    }
  }

  #entries(path: string) {
    try {
      return readdirSync(path, { withFileTypes: true })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR') {
        this.trouble = `${path} cannot be read (${code}); give this user read permission to have its sessions`
        this.#parts.log.warn({ path, code }, 'watcher: a folder cannot be read')
      }
      return []
    }
  }

  #watch(root: string, folder: string, path: string): void {
    if (this.#closed || (RECURSIVE && folder !== '')) return
    const inode = statOf(path)?.ino ?? 0
    if (this.#watches.get(path)?.inode === inode) return
    this.#unwatch(path) // another folder stands there now
    this.#listen(path, inode, RECURSIVE, (name) => this.#heard(root, folder, path, name))
  }

  // A root that is not there yet: its nearest ancestor tells when something appears.
  #awaitRoot(root: string): void {
    let above = dirname(root)
    while (statOf(above) === null && dirname(above) !== above) above = dirname(above)
    if (this.#closed || this.#watches.has(above)) return
    this.#listen(above, -1, false, () => {
      for (const missing of this.#parts.roots) {
        if (this.#watches.has(missing)) continue
        if (statOf(missing) !== null) this.#lookInto(missing, '')
        else this.#awaitRoot(missing)
      }
    })
  }

  #listen(path: string, inode: number, recursive: boolean, heard: (name: string | null) => void): void {
    try {
      const one = watch(path, { recursive, persistent: true }, (_, name) => heard(name))
      one.on('error', () => this.#unwatch(path))
      this.#watches.set(path, { watch: one, inode })
    } catch (error) {
      this.trouble = `no change notifications for some folders (${reasonOf(error)}); they are looked at every ${this.#parts.sweepMs / 1000} s; on Linux raise fs.inotify.max_user_watches`
      if (!this.#saidNoWatch) this.#parts.log.warn({ path, why: reasonOf(error) }, `watcher: ${this.trouble}`)
      this.#saidNoWatch = true
    }
  }

  #heard(root: string, folder: string, path: string, name: string | null): void {
    if (name === null) return this.#lookInto(root, folder)
    const inner = [folder, ...name.split(sep)].filter((part) => part !== '').join('/')
    if (this.#parts.wants(inner)) return this.#parts.onFile(root, inner)
    const stat = statOf(join(root, inner))
    if (stat?.isDirectory()) this.#lookInto(root, inner)
    else if (stat === null) this.#unwatch(join(path, name))
  }

  // A folder appeared: its files may have been written before its watch stood.
  #lookInto(root: string, folder: string): void {
    this.#walk(root, folder, folder.split('/').length, new Set(), ({ path }) => this.#parts.onFile(root, path))
  }

  #unwatch(path: string): void {
    for (const [watched, one] of this.#watches) {
      if (watched !== path && !watched.startsWith(path + sep)) continue
      one.watch.close()
      this.#watches.delete(watched)
    }
  }
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null // it is not there: nothing to walk
  }
}

function statOf(path: string) {
  try {
    return statSync(path)
  } catch {
    return null // gone, or behind a folder that cannot be entered: #entries says so
  }
}
