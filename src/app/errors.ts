// Errors that tell the person what to do, gathered from the rooms they come from.
import { ListenError } from '../api/api.ts'
import { BusError } from '../bus/bus.ts'
import { StoreError } from '../stores/store.ts'
import { ConfigError } from './config.ts'

export { ConfigError }

// A full disk, a missing right: the system's own words with what we were doing are enough.
const SYSTEM = new Set(['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE', 'EDQUOT'])

export function isExpected(error: unknown): boolean {
  if ([ListenError, BusError, StoreError, ConfigError].some((kind) => error instanceof kind)) return true
  return SYSTEM.has((error as NodeJS.ErrnoException)?.code ?? '')
}
