// The places of files in the address: the list, one file, what a prompt made. Pure; the address of everything else is in route.ts.

import { nameOf } from '../../folds/turn/paths.ts'

export const FILE_ORDERS = ['changed', 'touched', 'lines', 'turns', 'cost'] as const
export type FileOrder = (typeof FILE_ORDERS)[number]
export const FILE_WHATS = ['all', 'changed', 'read', 'lines'] as const // which turns; or its lines, each with the turn that made it
export type FileWhat = (typeof FILE_WHATS)[number]

export type FilesPlace =
  | {
      readonly at: 'list'
      readonly words: string
      readonly order: FileOrder
      readonly read: boolean // what was only read as well
      readonly aside: boolean // scratch files as well
    }
  | { readonly at: 'file'; readonly path: string; readonly what: FileWhat }
  | { readonly at: 'made'; readonly by: string } // a turn or a prompt

export const ALL_FILES: FilesPlace & { at: 'list' } = {
  at: 'list',
  words: '',
  order: 'changed',
  read: false,
  aside: false,
}
export const fileAt = (path: string, what: FileWhat = 'all'): FilesPlace => ({ at: 'file', path, what })
export const filesMadeBy = (turn: string): FilesPlace => ({ at: 'made', by: turn })

// What the window is called there.
export const titleOfFiles = (place: FilesPlace): string =>
  place.at === 'list' ? 'Files' : place.at === 'made' ? 'Files of a prompt' : nameOf(place.path)

// `second`: what stands behind /explore/.
export function filesIn(second: string, query: URLSearchParams): FilesPlace | null {
  const path = query.get('path') ?? ''
  if (second === 'file' && path !== '')
    return fileAt(path, FILE_WHATS.find((word) => word === query.get('what')) ?? 'all')
  if (second !== 'files' && second !== 'file') return null
  const by = query.get('by-prompt') ?? ''
  if (by !== '') return filesMadeBy(by)
  return {
    at: 'list',
    words: query.get('words') ?? '',
    order: FILE_ORDERS.find((word) => word === query.get('order')) ?? 'changed',
    read: query.get('read') === '1',
    aside: query.get('aside') === '1',
  }
}

// Writes the place into the query; returns the path.
export function putFiles(place: FilesPlace, query: URLSearchParams): string {
  if (place.at === 'file') {
    query.set('path', place.path)
    if (place.what !== 'all') query.set('what', place.what)
    return '/explore/file'
  }
  if (place.at === 'made') query.set('by-prompt', place.by)
  else {
    if (place.words !== '') query.set('words', place.words)
    if (place.order !== 'changed') query.set('order', place.order)
    if (place.read) query.set('read', '1')
    if (place.aside) query.set('aside', '1')
  }
  return '/explore/files'
}
