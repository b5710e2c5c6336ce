// The one shape all kinds of files are read in: look at it from where it was read to, once; get messages and where it stands behind them.
// A look opens, reads and closes; it publishes nothing and keeps no place, so that a look that came to nothing may be had again.
import type { Log } from '../base/log.ts'
import type { Message } from '../bus/bus.ts'
import type { FileFacts, Source } from '../sources/source.ts'
import type { Place } from './messages.ts'
import type { FilePlace } from './offsets.ts'

export interface Job<S extends Source = Source> extends FileFacts {
  readonly source: S
}

export type Look =
  | {
      readonly is: 'read'
      readonly messages: readonly Message[]
      readonly free?: () => void // called once they are on the bus: nobody reads them any more
      readonly place: FilePlace // behind them
      readonly bytes: number
      readonly lines: number
      readonly unknown: number // events passed through as other.*
      readonly more: boolean // there was more to read than one look brings
      readonly torn: number | null // where a last line that is not finished begins
    }
  | { readonly is: 'same'; readonly more: boolean; readonly torn: number | null } // nothing new
  | { readonly is: 'gone' } // never a deletion: what was read stays
  | { readonly is: 'unreadable'; readonly why: string; readonly lasting: boolean } // lasting: no use to try before it changes
  | { readonly is: 'later'; readonly afterMs: number } // somebody is writing, or it was looked at just now

// What every reader is given.
export interface Looking {
  readonly place: Place
  readonly log: Log
  readonly onDamage: (damage: Damage) => void
}

export interface Damage {
  readonly file: string
  readonly offset: number
  readonly why: string
}

export const fileOf = ({ root, path }: Job): string => `${root}/${path}`

// Where a file is read from that was never read, or whose content is another one than was read.
export function freshPlace(job: Job, inode: number): FilePlace {
  const memory = job.source.owner(job)?.memory ?? {}
  return {
    file: fileOf(job),
    agent: job.source.agent,
    inode,
    offset: 0,
    line: 0,
    last: null,
    lane: null,
    memory,
  }
}

// What is said of a file that the system does not let us read.
export const cannotRead = (file: string, code: string): string =>
  `${file} cannot be read (${code}); ${code === 'EACCES' || code === 'EPERM' ? 'give this user read permission to have its session' : 'it is tried again'}`

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
export const isGone = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
