// What went wrong, as one sentence on stderr. A stack only for our own mistakes, where someone must find the place.
import { ConfigError, isExpected } from '../app/errors.ts'
import { reasonOf } from '../base/log.ts'
import { say } from './print.ts'

export function failWith(error: unknown): never {
  const expected = error instanceof ConfigError || isExpected(error)
  say(`openstory: ${expected || !(error instanceof Error) ? reasonOf(error) : error.stack}`)
  process.exit(1)
}
