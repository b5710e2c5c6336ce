// Whether there is anything to read at all, found out without watching, publishing or writing: every file there is is looked at as the
// watcher would look at it, newest first, until one has something new.
import { silentLog } from '../base/log.ts'
import type { Source } from '../sources/source.ts'
import { Documents } from './document.ts'
import { Finder } from './find.ts'
import { LineFiles } from './line-file.ts'
import { type Damage, fileOf, type Job, type Look, type Looking } from './look.ts'
import { type KnownPlaces, readOffsets } from './offsets.ts'
import { jobFor, placeOf, togetherOf, type WhereToLook } from './whose.ts'

export interface NothingNew {
  readonly files: number
  readonly torn: readonly Damage[] // files whose last line is not finished
}

export interface LookingOver extends WhereToLook, Pick<Looking, 'place'> {
  readonly offsets: string // path of the journal
}

// Null where there is something to read, where something cannot be read, and where a look alone does not tell.
export function nothingNew(parts: LookingOver): NothingNew | null {
  const known = readOffsets(parts.offsets)
  const lookAt = looker({ place: parts.place, log: silentLog, onDamage: () => undefined })
  const torn: Damage[] = []
  let files = 0
  for (const { sources, finding } of togetherOf(parts)) {
    const finder = new Finder({ ...finding, onFile: () => undefined, log: silentLog, sweepMs: 0 })
    const found = finder.list()
    if (finder.trouble !== null) return null
    for (const { root, path } of found) {
      files++
      for (const job of jobsOf(sources, root, path)) {
        const look = lookAt(job, known)
        if (look?.is !== 'same' || look.more) return null
        if (look.torn !== null)
          torn.push({ file: fileOf(job), offset: look.torn, why: 'the last line is not finished' })
      }
    }
  }
  return { files, torn }
}

const jobsOf = (sources: readonly Source[], root: string, path: string): Job[] =>
  sources.map((source) => jobFor(source, root, path)).filter((job) => job !== null)

function looker(looking: Looking): (job: Job, known: KnownPlaces) => Look | null {
  const lines = new LineFiles(looking)
  const documents = new Documents(looking)
  return ({ source, ...file }, known) => {
    const place = placeOf(known, { source, ...file })
    switch (source.reads) {
      case 'lines':
        return lines.look({ source, ...file }, place)
      case 'documents':
        return documents.look({ source, ...file }, place)
      case 'tables':
        return null // one that is being written to must be copied to be looked at
    }
  }
}
