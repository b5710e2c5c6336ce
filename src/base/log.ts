// What a part may say about itself. The level is what someone must do: error: something was lost, come. warn: unexpected, nothing lost.
// info: a part began or ended. debug: never once per event. No prompt text, token or secret goes into a log line.
export interface Log {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
  debug(fields: object, message: string): void
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} }

// The reason of an error as one line a person can read; causes follow after a colon.
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`
}
