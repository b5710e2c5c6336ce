// Paths as transcripts say them, made comparable: from the root, without `.` and `..`, with forward slashes.

// Relative to a folder that is not known a path stays relative.
export function fullPath(cwd: string | null, path: string): string {
  const plain = forward(path)
  const isFull = plain.startsWith('/') || plain.startsWith('~') || /^[A-Za-z]:\//.test(plain)
  return withoutDots(isFull || cwd === null || cwd === '' ? plain : `${forward(cwd)}/${plain}`)
}

const forward = (path: string): string => (/^[A-Za-z]:[\\/]|^\\\\/.test(path) ? path.replaceAll('\\', '/') : path)

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
