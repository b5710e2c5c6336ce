// Who reads what: one reader for each kind of source.

import { Documents } from './document.ts'
import { LineFiles } from './line-file.ts'
import type { Job, Look } from './look.ts'
import type { FilePlace } from './offsets.ts'
import { Databases, type Tables } from './table/table.ts'

export class Readers {
  readonly #lines: LineFiles
  readonly #documents: Documents
  readonly #databases: Databases

  constructor(parts: Tables) {
    this.#lines = new LineFiles(parts)
    this.#documents = new Documents(parts)
    this.#databases = new Databases(parts)
  }

  look({ source, ...file }: Job, place: FilePlace): Look {
    switch (source.reads) {
      case 'lines':
        return this.#lines.look({ source, ...file }, place)
      case 'documents':
        return this.#documents.look({ source, ...file }, place)
      case 'tables':
        return this.#databases.look({ source, ...file }, place)
    }
  }

  close(): void {
    this.#databases.close()
  }
}

// The database that a file belongs to by its name: what SQLite writes beside one has a name that is longer by one of these.
export const databaseOf = (path: string): string =>
  SIDE_ENDS.reduce((name, end) => (name.endsWith(end) ? name.slice(0, -end.length) : name), path)
const SIDE_ENDS = ['-wal', '-journal']
