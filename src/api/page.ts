// The page, from its built folder. Any address without a file extension is the page itself, which finds its own way from there.
// Nothing outside the folder is ever served: not by dots, however they are written, and not by a symbolic link.
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}
const NOT_BUILT = `The page of OpenStory is not built here. Build it with: npm run build\nThe API answers meanwhile, for example /api/sessions.\n`

// `name-B7dE_x1a.js`: the name changes with the content, so it may be kept for ever.
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/

const VIEW = /^\/(live|story|explore)(\/|$)/

// `path`: of the request, still percent-encoded.
export async function pageAnswer(dir: string | null, path: string): Promise<Response> {
  const name = decoded(path)
  if (name === null) return plain(400, 'This address cannot be read.\n')
  // The page's own addresses hold ids of sessions, which may look like file names.
  const extension = VIEW.test(name) ? '' : extname(name)
  const bytes = dir === null ? null : await fileIn(dir, extension === '' ? 'index.html' : name)
  if (bytes !== null) {
    const type = TYPES[extension === '' ? '.html' : extension.toLowerCase()] ?? 'application/octet-stream'
    const cache = HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache'
    return new Response(bytes, { headers: { 'content-type': type, 'cache-control': cache } })
  }
  return extension === '' ? plain(503, NOT_BUILT) : plain(404, 'There is no such file.\n')
}

function decoded(path: string): string | null {
  let name: string
  try {
    name = decodeURIComponent(path)
  } catch {
    return null // a broken percent sign: the address means nothing
  }
  const isOdd =
    name.includes('\0') || name.includes('\\') || name.split('/').some((step) => step === '..' || step === '.')
  return isOdd ? null : name
}

async function fileIn(dir: string, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const [root, file] = await Promise.all([realpath(dir), realpath(join(dir, name))])
    return file.startsWith(root + sep) ? new Uint8Array(await readFile(file)) : null
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG') return null
    throw error
  }
}

const plain = (status: number, text: string) =>
  new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })
