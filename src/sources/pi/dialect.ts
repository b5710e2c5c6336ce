// How pi itself writes: user texts as they were typed, no messages of its own.
import type { Dialect } from '../pi-shape/dialect.ts'
import { sessionOfFile } from './owner.ts'

export const dialect: Dialect = {
  hear: (text) => ({ text }),
  ownProvider: null,
  ownStop: () => undefined,
  custom: () => null,
  sessionOf: sessionOfFile,
}
