// Package managers, task runners, compilers, linters and test runners: what kind of run it is. A table, looked up by the program that is
// meant in the end (`uv run pytest` is pytest), never by words somewhere in the line.
import { type Act, act, baseName, type Deed, operands } from './act.ts'
import { inPlace, type Simple } from './simple.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const TESTERS = words(
  'pytest py.test tox nox jest vitest mocha ava tap tape uvu rspec phpunit pest ctest karma busted bats gotestsum nose2 trial behave cucumber nextest testacular prove ginkgo',
)
const LINTERS = words(
  'eslint flake8 pylint golangci-lint shellcheck stylelint oxlint rubocop ktlint swiftlint markdownlint markdownlint-cli2 hadolint actionlint yamllint staticcheck revive standard xo credo ansible-lint tflint pre-commit lefthook clippy-driver bandit semgrep knip',
)
const TYPERS = words('mypy pyright basedpyright ty vue-tsc svelte-check flow tsgo')
const FORMATTERS = words(
  'prettier gofmt goimports gofumpt black rustfmt isort dprint clang-format shfmt yapf autopep8 swiftformat terraform-fmt google-java-format',
)
const BUILDERS = words(
  'cmake ninja webpack rollup esbuild tsup rolldown parcel swc babel gcc g++ clang clang++ javac rustc msbuild bazelisk goreleaser hugo mkdocs wasm-pack',
)
const INSTALLERS = words('pip pip3 brew apt apt-get dnf yum apk gem composer pacman choco winget cargo-binstall')
const RUNNERS = words(
  'make gmake just task mise rake turbo nx lerna moon gradle gradlew mvn mvnw ant sbt lein bazel npm pnpm yarn bun deno invoke hatch poe tox rails dotnet xcodebuild swift mix flutter dart zig artisan manage.py',
)

// `uv run pytest`, `npx jest`, `python -m pytest`, `bundle exec rspec`: the command inside, or null.
export function innerCommand({
  name,
  args,
}: Simple): { readonly name: string; readonly args: readonly string[] } | null {
  const [first = '', ...rest] = args
  const take = (list: readonly string[], valued: ReadonlySet<string>) => {
    let at = 0
    while (at < list.length && list[at]!.startsWith('-')) {
      if (list[at] === '--') {
        at++
        break
      }
      at += valued.has(list[at]!) ? 2 : 1
    }
    return at < list.length ? { name: baseName(list[at]!), args: list.slice(at + 1) } : null
  }
  switch (name) {
    case 'npx':
    case 'bunx':
    case 'pnpx':
    case 'uvx':
      return take(args, words('-p --package --from --with --python'))
    case 'uv':
    case 'poetry':
    case 'pipenv':
    case 'pdm':
    case 'rye':
    case 'hatch':
    case 'pixi':
      return first === 'run'
        ? take(rest, words('--with --extra --group --project --directory -p --python --env-file --package'))
        : null
    case 'pnpm':
    case 'yarn':
    case 'npm':
    case 'bun':
      return first === 'exec' || first === 'dlx' || first === 'x'
        ? take(rest, words('-p --package --filter -F -c'))
        : null
    case 'bundle':
    case 'mise':
    case 'asdf':
    case 'rtx':
      return first === 'exec' || first === 'x' ? afterDashes(rest) : null
    case 'python':
    case 'python3':
    case 'py':
    case 'php': {
      if (/(^|\/)(manage\.py|artisan)$/.test(first)) return { name: baseName(first), args: rest }
      const at = name === 'php' ? -1 : args.indexOf('-m')
      return at >= 0 && args[at + 1] !== undefined ? { name: args[at + 1]!, args: args.slice(at + 2) } : null
    }
    case 'docker':
    case 'podman': {
      const list = first === 'compose' ? rest : args
      const at = list.findIndex((arg) => arg === 'exec' || arg === 'run')
      if (at < 0) return null
      const left = operands(
        list.slice(at + 1),
        words(
          '-e --env -u --user -w --workdir -v --volume --name -p --publish --network --entrypoint --platform --mount -f',
        ),
      )
      return left.length > 1 ? { name: baseName(left[1]!), args: left.slice(2) } : null
    }
    default:
      return null
  }
}

function afterDashes(args: readonly string[]): { name: string; args: readonly string[] } | null {
  const at = args.indexOf('--')
  const list = at >= 0 ? args.slice(at + 1) : args.filter((arg, i) => i > 0 || !arg.includes('@'))
  return list[0] === undefined ? null : { name: baseName(list[0]), args: list.slice(1) }
}

export function runnerAct(said: Simple, meant: Pick<Simple, 'name' | 'args'>): readonly Act[] | null {
  const { name, args } = meant
  const tool = name
  const as = (deed: Deed, more: Partial<Act> = {}): readonly Act[] => [act(said, deed, { tool, ...more })]
  const has = (...flags: readonly string[]) => args.some((arg) => flags.includes(arg))
  if (has('--help', '-h') || (args.length <= 1 && has('--version', '-V', 'version')))
    return knows(name) ? as('quiet') : null
  const first = operands(args)[0] ?? ''
  if (TESTERS.has(name))
    return has('--collect-only', '--co', '--list', '--listTests', '--fixtures') ? as('list') : as('test')
  if (LINTERS.has(name)) return as('lint')
  if (TYPERS.has(name)) return as('typecheck')
  if (FORMATTERS.has(name)) return formatter(said, meant)
  switch (name) {
    case 'tsc':
      return as(has('--noEmit', '--noemit') ? 'typecheck' : 'build')
    case 'biome':
    case 'ruff':
      return formats(said, meant, first)
    case 'cargo':
      if (first === 'fmt' && has('--check')) return as('lint')
      return as(
        Object.hasOwn(CARGO, first) ? CARGO[first]! : 'run',
        /^(add|install|remove)$/.test(first) ? packages(args) : {},
      )
    case 'go':
      return goAct(said, args, first)
    case 'node':
      return has('--test') ? as('test') : null
    case 'unittest':
    case 'nose':
      return as('test')
    case 'compileall':
    case 'py_compile':
      return as('build')
    case 'playwright':
    case 'cypress':
      return as(first === 'test' || first === 'run' ? 'test' : first === 'install' ? 'install' : 'run')
    case 'docker':
    case 'podman':
      return as(first === 'build' || (first === 'compose' && has('build')) ? 'build' : 'run')
    case 'uv':
    case 'poetry':
    case 'pdm':
    case 'bundle':
    case 'pipenv':
      return as(/^(add|remove|sync|install|lock|update|pip)$/.test(first) ? 'install' : 'run', packages(args))
    case 'terraform':
      return as(first === 'fmt' ? 'format' : first === 'validate' ? 'lint' : 'run')
  }
  if (INSTALLERS.has(name))
    return INSTALLS.test(first) ? as('install', packages(args)) : as(LOOKS_UP.test(first) ? 'list' : 'run')
  if (BUILDERS.has(name)) return as(has('check') ? 'lint' : 'build')
  if (RUNNERS.has(name)) return target(said, meant)
  return null
}

const knows = (name: string): boolean =>
  [TESTERS, LINTERS, TYPERS, FORMATTERS, BUILDERS, INSTALLERS, RUNNERS].some((set) => set.has(name)) ||
  /^(tsc|biome|ruff|cargo|go|node|docker|uv|poetry)$/.test(name)

const INSTALLS = /^(install|add|upgrade|update|i|require|uninstall|remove)$/
const LOOKS_UP = /^(list|ls|info|show|search|outdated|freeze|check|config|home|deps|desc|log|policy|)$/

const CARGO: Readonly<Record<string, Deed>> = {
  test: 'test',
  t: 'test',
  nextest: 'test',
  build: 'build',
  b: 'build',
  check: 'typecheck',
  c: 'typecheck',
  clippy: 'lint',
  fmt: 'format',
  run: 'run',
  r: 'run',
  add: 'install',
  install: 'install',
  update: 'install',
  remove: 'install',
  doc: 'build',
  bench: 'run',
}

function packages(args: readonly string[]): { of?: string; how?: string } {
  const [verb = '', ...named] = operands(
    args,
    words('-r --requirement -e --editable --index-url -D --group --prefix -C --filter'),
  )
  const wanted = named.filter((each) => !/^(install|add)$/.test(each))
  return { how: verb, ...(wanted.length > 0 && { of: wanted.slice(0, 3).join(' ') }) }
}

function goAct(said: Simple, args: readonly string[], verb: string): readonly Act[] {
  const as = (deed: Deed, more: Partial<Act> = {}) => [act(said, deed, { tool: 'go', ...more })]
  const mod = (more: Partial<Act> = {}) =>
    as('install', { paths: [inPlace(said.place, 'go.mod'), inPlace(said.place, 'go.sum')], ...more })
  switch (verb) {
    case 'test':
      return as(args.includes('-list') ? 'list' : args.includes('-c') ? 'build' : 'test')
    case 'build':
    case 'install':
    case 'generate':
      return as('build')
    case 'vet':
      return as('lint')
    case 'fmt':
      return as('format', { some: true })
    case 'run':
      return as('run')
    case 'get':
      return mod({ how: 'get', of: operands(args).slice(1, 4).join(' ') })
    case 'mod':
      return /^(tidy|edit|init|vendor)$/.test(operands(args)[1] ?? '') ? as('install', { how: 'tidy' }) : as('list')
    case 'tool':
      return as('run')
    default:
      return as('list') // env, list, doc, version …
  }
}

// Formatters write, unless they are asked only to look.
function formatter(said: Simple, { name, args }: Pick<Simple, 'name' | 'args'>): readonly Act[] {
  const writes =
    name === 'prettier' ||
    name === 'gofmt' ||
    name === 'goimports' ||
    name === 'gofumpt' ||
    name === 'shfmt' ||
    name === 'clang-format'
      ? args.some((arg) => /^(-w|--write|-i|-[a-z]*w[a-z]*)$/.test(arg))
      : !args.some((arg) => /^(--check|--diff|--check-only|-c)$/.test(arg))
  if (!writes) return [act(said, 'lint', { tool: name })]
  const paths = operands(args)
    .filter((path) => path !== '.')
    .map((path) => inPlace(said.place, path))
  return [act(said, 'format', { tool: name, paths, ...((paths.length === 0 || said.some) && { some: true as const }) })]
}

function formats(said: Simple, { name, args }: Pick<Simple, 'name' | 'args'>, first: string): readonly Act[] {
  const writes =
    args.some((arg) => /^(--write|--fix|--apply)$/.test(arg)) ||
    (name === 'ruff' && first === 'format' && !args.includes('--check'))
  if (!writes) return [act(said, 'lint', { tool: name })]
  const paths = operands(args)
    .slice(1)
    .filter((path) => path !== '.')
    .map((path) => inPlace(said.place, path))
  return [act(said, 'format', { tool: name, paths, ...(paths.length === 0 && { some: true as const }) })]
}

const INSTALL_VERBS = /^(install|i|ci|add|remove|rm|uninstall|un|update|upgrade|up|link|dedupe|restore)$/
const RUN_VALUED = words('-C --prefix --filter -F -w --workspace --cwd -f -p --project -j -I --directory -s')

// `npm run test:unit`, `make lint`, `./gradlew :app:test`: told by the target's name.
function target(said: Simple, { name, args }: Pick<Simple, 'name' | 'args'>): readonly Act[] {
  const as = (deed: Deed, more: Partial<Act> = {}): readonly Act[] => [act(said, deed, { tool: name, ...more })]
  const named = operands(args, RUN_VALUED)
  let [first = ''] = named
  if (first === '' && (name === 'make' || name === 'gmake')) return as('build')
  if (first === '' && /^(npm|pnpm|yarn|bun)$/.test(name)) return as('install')
  if (/^(npm|pnpm|yarn|bun|deno|dotnet|mise|swift|mix|rails|xcodebuild)$/.test(name)) {
    if (INSTALL_VERBS.test(first) && name !== 'mise') return as('install', packages(args))
    if (name === 'mise' && first !== 'run' && first !== 'r')
      return as(first === 'install' || first === 'use' ? 'install' : 'list')
    if (first === 'run' || first === 'r' || first === 'run-script' || (name === 'deno' && first === 'task')) {
      if (named[1] === undefined) return as(name === 'dotnet' || name === 'swift' ? 'run' : 'list')
      if (/\.[cm]?[jt]sx?$/.test(named[1])) return as('run')
      first = named[1]
    } else if (
      /^(npm|pnpm|yarn)$/.test(name) &&
      /^(init|publish|pack|whoami|view|info|outdated|audit|ls|list|why|config|cache|login|version)$/.test(first)
    )
      return as(first === 'publish' ? 'run' : 'list')
    else if (name === 'xcodebuild' && named.length === 0) return as('build')
  }
  const deeds = new Set(
    (/^(mvn|mvnw|gradle|gradlew|make|just|task|turbo|nx|rake|xcodebuild|sbt|zig)$/.test(name) ? named : [first]).map(
      deedOfTarget,
    ),
  )
  for (const deed of ['test', 'lint', 'typecheck', 'format', 'build', 'serve', 'install'] as const)
    if (deeds.has(deed)) return as(deed)
  return as('run')
}

const TARGET_DEEDS: readonly (readonly [Deed, ReadonlySet<string>])[] = [
  ['test', words('test tests spec specs e2e unit integration testing tst t coverage cov verify vitest jest pytest')],
  ['lint', words('lint linter lints analyze check checks vet eslint ruff clippy golangci audit')],
  ['typecheck', words('typecheck types type tsc mypy tc typescheck')],
  ['format', words('fmt format prettier gofmt formatting')],
  ['build', words('build compile bundle dist package assemble all release prod install')],
  ['serve', words('dev start serve server preview watch up')],
  ['install', words('deps bootstrap setup')],
]

export function deedOfTarget(name: string): Deed {
  // `testDebugUnitTest`, `fmt:check`
  const parts = name
    .replace(/([a-z0-9])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  // `fmt:check` only looks
  if (parts.includes('check') && (parts.includes('fmt') || parts.includes('format'))) return 'lint'
  if (parts.includes('type') && parts.includes('check')) return 'typecheck'
  for (const [deed, known] of TARGET_DEEDS) if (parts.some((part) => known.has(part))) return deed
  return 'run'
}

export const isTestScript = (path: string): boolean =>
  /^(run[-_]?)?(all[-_]?)?(unit[-_]?|e2e[-_]?|integration[-_]?)?tests?$/.test(baseName(path).replace(/\.[a-z]+$/, ''))
