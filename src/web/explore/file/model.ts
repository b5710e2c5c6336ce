// Files in words: a path as a name and a folder, what became of it, what all of it came to. Pure.
import type { FileAnswer, FileChange, ListedFile, TurnFilesAnswer } from '../../../wire/files.ts'
import { plainOutput } from '../../ui/ansi.ts'
import type { IconName } from '../../ui/bits.tsx'
import { compact, costOf, counted } from '../../ui/words.ts'

// What a transcript calls a file may hold anything; it is shown as letters.
export function placeOf(path: string): { readonly name: string; readonly folder: string } {
  const shown = plainOutput(path)
  const cut = Math.max(shown.lastIndexOf('/'), shown.lastIndexOf('\\')) + 1
  return cut === shown.length ? { name: shown, folder: '' } : { name: shown.slice(cut), folder: shown.slice(0, cut) }
}

// The end of a folder tells more than its beginning.
export function endOf(folder: string, max: number): string {
  if (folder.length <= max) return folder
  const cut = folder.slice(-max)
  const from = cut.search(/[/\\]/)
  return `…${from < 0 || from === cut.length - 1 ? cut : cut.slice(from)}`
}

export const CHANGES: Readonly<Record<FileChange, { readonly word: string; readonly icon: IconName }>> = {
  created: { word: 'new', icon: 'write' },
  modified: { word: 'changed', icon: 'edit' },
  renamed: { word: 'renamed', icon: 'edit' },
  deleted: { word: 'deleted', icon: 'close' },
  read: { word: 'read', icon: 'read' },
}

interface Money {
  readonly usd: string | null
  readonly lower_bound: boolean
}
export const moneyOf = ({ usd, lower_bound: lowerBound }: Money): string | null => costOf({ cost: { usd, lowerBound } })

// What a file came to, piece by piece.
export function totalsOf(totals: FileAnswer['totals']): readonly string[] {
  const money = moneyOf(totals)
  return [
    counted(totals.turns, 'turn'),
    totals.sessions > 1 ? counted(totals.sessions, 'session') : '',
    totals.prompts > 0 ? `changed by ${counted(totals.prompts, 'prompt')}` : 'only read',
    money !== null && totals.prompts > 0 ? `${money} for ${totals.prompts === 1 ? 'it' : 'all they did'}` : '',
  ].filter((text) => text !== '')
}

// `made 16 files and changed 2`, in the order in which it matters.
export function madeOf(made: TurnFilesAnswer['made']): string {
  const parts = [
    made.created > 0 ? `made ${counted(made.created, 'file')}` : '',
    made.modified > 0 ? `changed ${counted(made.modified, 'file')}` : '',
    made.renamed > 0 ? `renamed ${counted(made.renamed, 'file')}` : '',
    made.deleted > 0 ? `deleted ${counted(made.deleted, 'file')}` : '',
  ].filter((text) => text !== '')
  if (parts.length === 0) return made.read > 0 ? `read ${counted(made.read, 'file')}` : 'touched no files'
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

export function spentOf({ tokens, usd, lower_bound }: TurnFilesAnswer): readonly string[] {
  const money = moneyOf({ usd, lower_bound })
  return [
    tokens === null ? '' : `${tokens.lower_bound ? '≥ ' : ''}${compact(tokens.output)} tokens written`,
    tokens === null ? '' : counted(tokens.requests, 'request'),
    money ?? '',
  ].filter((text) => text !== '')
}

// A page may repeat what moved down from the page before.
export function uniqueFiles(pages: readonly { readonly files: readonly ListedFile[] }[]): readonly ListedFile[] {
  const seen = new Set<string>()
  return pages.flatMap(({ files }) => files.filter(({ path }) => !seen.has(path) && seen.add(path)))
}
