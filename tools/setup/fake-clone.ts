// A small made-up clone in a temporary folder, on which tests try the launcher, set-up and the test runner: no network, and
// nothing of this checkout is touched. Its only dependencies are folders of its own that play Vite and the compiler.
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
// Makes the launcher, and only the launcher, believe that it runs on an old Node.
export const OLD_NODE = [
  '--import',
  `data:text/javascript,if(!process.env.OPENSTORY_LAUNCHED)Object.defineProperty(process,'version',{value:'v20.1.0'})`,
]
const RUNTIME = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const MAIN = `
  if (process.argv[2] === 'wait') {
    process.on('SIGTERM', () => { console.log('ended properly'); process.exit(7) })
    setInterval(() => {}, 1000)
    console.log('waiting', process.pid)
  } else {
    console.log(JSON.stringify({ args: process.argv.slice(2), launched: process.env.OPENSTORY_LAUNCHED ?? null, node: process.version }))
    process.exitCode = process.argv[2] === 'fail' ? 3 : 0
  }`
const VITE = `
  import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
  mkdirSync('dist/web', { recursive: true })
  writeFileSync('dist/web/index.html', '')
  appendFileSync('builds', 'x')`

// Compiles; asked to check types, it complains.
const TSC = `
  import { cpSync } from 'node:fs'
  if (!process.argv.join().includes('tsconfig.build.json')) process.exit(1)
  cpSync('src/cli/main.ts', 'dist/cli/main.js')`

export interface Result {
  readonly code: number | NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export class FakeClone {
  readonly folder = mkdtempSync(join(tmpdir(), 'openstory-setup-'))
  readonly root = join(this.folder, 'clone')

  constructor() {
    const dependencies = { vite: 'file:fake-vite', typescript: 'file:fake-typescript' }
    const packages = {
      '': { name: 'x', version: '1.0.0', dependencies },
      'fake-vite': { name: 'vite', version: '1.0.0' },
      'node_modules/vite': { resolved: 'fake-vite', link: true },
      'fake-typescript': { name: 'typescript', version: '1.0.0' },
      'node_modules/typescript': { resolved: 'fake-typescript', link: true },
    }
    this.put('package.json', JSON.stringify({ name: 'x', version: '1.0.0', type: 'module', dependencies }))
    this.put('package-lock.json', JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages }))
    this.put('fake-vite/package.json', '{"name":"vite","version":"1.0.0","type":"module"}')
    this.put('fake-vite/bin/vite.js', VITE)
    this.put('fake-typescript/package.json', '{"name":"typescript","version":"1.0.0","type":"module"}')
    this.put('fake-typescript/bin/tsc', TSC)
    this.put('index.html', '')
    this.put('src/cli/main.ts', MAIN)
    this.put('src/web/page.ts', 'one')
    cpSync(join(ROOT, 'bin'), join(this.root, 'bin'), { recursive: true })
    const filter = (path: string): boolean => !path.endsWith('.ts')
    cpSync(join(ROOT, 'tools/setup'), join(this.root, 'tools/setup'), { recursive: true, filter })
  }

  put(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true })
  }

  // How often the page was built.
  get builds(): number {
    return statSync(join(this.root, 'builds'), { throwIfNoEntry: false })?.size ?? 0
  }

  // As if the platform's Node had been fetched before; below the clone, or wherever a package keeps it.
  putRuntime(runtimeFolder = join(this.root, '.runtime')): void {
    const bin = join(runtimeFolder, 'node_modules', RUNTIME, 'bin')
    mkdirSync(bin, { recursive: true })
    symlinkSync(process.execPath, join(bin, 'node'))
  }

  start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const { NODE_TEST_CONTEXT: _, OPENSTORY_TEST_COUNTS: __, ...rest } = process.env
    const home = { HOME: this.folder, XDG_CACHE_HOME: join(this.folder, 'cache') }
    const all = { ...rest, ...home, ...env }
    return spawn(process.execPath, args, { cwd: this.root, env: all, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  run(args: readonly string[], env?: Record<string, string>): Promise<Result> {
    return resultOf(this.start(args, env))
  }

  launch(...args: string[]): Promise<Result> {
    return this.run(['bin/openstory.mjs', ...args])
  }

  launchOnOldNode(...args: string[]): Promise<Result> {
    return this.run([...OLD_NODE, 'bin/openstory.mjs', ...args])
  }

  destroy(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

export function resultOf(child: ChildProcess): Promise<Result> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }))
  })
}
