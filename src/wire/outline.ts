// The turns of a session in short. Add fields freely, never rename.
import type { OutlineTurn } from '../folds/outline.ts'

export interface OutlineAnswer {
  readonly turns: readonly OutlineTurn[] // as they began
}
