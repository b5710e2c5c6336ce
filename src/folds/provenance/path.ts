// Paths as transcripts say them, made comparable: from the root, without `.` and `..`, with forward slashes.

// Relative to a folder that is not known a path stays relative.
export function fullPath(cwd: string | null, path: string): string {
  const plain = atHome(cwd, isOfWindows(cwd ?? '') ? path.replaceAll('\\', '/') : forward(path))
  const isFull = plain.startsWith('/') || plain.startsWith('~') || /^[A-Za-z]:\//.test(plain)
  return withoutDots(isFull || cwd === null || cwd === '' ? plain : `${forward(cwd)}/${plain}`)
}

// `~` is the home of whoever worked in the folder, where that lies in it.
function atHome(cwd: string | null, path: string): string {
  const home = path === '~' || path.startsWith('~/') ? HOME.exec(forward(cwd ?? ''))?.[0] : undefined
  return home === undefined ? path : home + path.slice(1)
}
const HOME = /^(?:(?:[A-Za-z]:)?\/(?:Users|home)\/[^/]+|\/root)(?=\/|$)/

const isOfWindows = (path: string): boolean => /^[A-Za-z]:[\\/]|^\\\\/.test(path)
const forward = (path: string): string => (isOfWindows(path) ? path.replaceAll('\\', '/') : path)

function withoutDots(path: string): string {
  const kept: string[] = []
  const root = path.startsWith('/') ? '/' : ''
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') kept.push(step)
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (root === '') kept.push(step)
  }
  return root + kept.join('/')
}

export const isUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
