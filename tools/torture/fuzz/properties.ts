// All that is fuzzed, in one list: run short and from a fixed seed by `npm test`, for as long as one likes by `npm run torture -- --only fuzz`.
import { liveProperties } from './of-live.ts'
import { partProperties } from './of-parts.ts'
import { sourceProperties } from './of-sources.ts'
import type { Property } from './property.ts'

export const properties = (): readonly Property[] => [...sourceProperties(), ...partProperties(), ...liveProperties()]
