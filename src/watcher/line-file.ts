// The reader of line files, plain and packed. When a file is no longer the one that was read it is read again from its beginning, and
// says so: what was read before stays, and ids tell which lines are new.
import type { LineSource } from '../sources/source.ts'
import { fileOf, freshPlace, type Job, type Look, type Looking } from './look.ts'
import { replacedMessage } from './messages.ts'
import type { FilePlace } from './offsets.ts'
import { Unpacker } from './packed.ts'
import { readTail, type TailRead } from './tail.ts'
import { Translation } from './translation.ts'

export class LineFiles {
  readonly #parts: Looking
  readonly #unpacker = new Unpacker()

  constructor(parts: Looking) {
    this.#parts = parts
  }

  look(job: Job<LineSource>, place: FilePlace): Look {
    const file = fileOf(job)
    const translation = new Translation(job, place, this.#parts.place, this.#parts.onDamage)
    const each: Parameters<typeof readTail>[2] = (line, inode) => translation.add(line, inode)
    const read =
      job.source.packed?.(job.path) == null ? readTail(file, place, each) : this.#unpacker.read(file, place, each)
    switch (read.is) {
      case 'gone':
      case 'unreadable':
        return read
      case 'replaced':
        return this.#replaced(job, place, read)
      case 'lines':
        return lines(place, read, translation)
    }
  }

  #replaced(job: Job<LineSource>, place: FilePlace, { why, inode }: TailRead & { is: 'replaced' }): Look {
    this.#parts.log.info(
      { file: place.file, why },
      'watcher: a file was replaced; it is read again from its beginning, and what was read before stays',
    )
    const was = { offset: place.offset, line: place.line, sha256: place.last?.sha256 ?? '' }
    const told = place.lane !== null && why !== null
    return {
      is: 'read',
      messages: told ? [replacedMessage(job.source, { ...job, inode }, place.lane, was, why, this.#parts.place)] : [],
      place: freshPlace(job, inode),
      bytes: 0,
      lines: 0,
      unknown: 0,
      more: true,
      torn: null,
    }
  }
}

function lines(place: FilePlace, read: TailRead & { is: 'lines' }, translation: Translation): Look {
  const torn = !read.more && read.nextOffset < read.size ? read.nextOffset : null
  if (read.nextOffset === place.offset && read.inode === place.inode) return { is: 'same', more: read.more, torn }
  return {
    is: 'read',
    messages: translation.messages,
    free: translation.free,
    place: translation.place(read.inode, { offset: read.nextOffset, line: place.line + read.lineEnds }),
    bytes: read.nextOffset - place.offset,
    lines: translation.lines,
    unknown: translation.unknown,
    more: read.more,
    torn,
  }
}
