// A replayed file laid over a text: what is exact, moved, inferred, and what is said to be nobody's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blameText } from './blame.ts'
import type { Call, Doing } from './doing.ts'
import { Replay } from './replay.ts'

const PATH = '/w/a.ts'
const call = (n: number): Call => ({ event: `e${n}`, session: 's', agent: 'a', agentId: null, model: null, time: null })
const write = (text: string): Doing => ({ is: 'write', path: PATH, text })
const edit = (before: string, after: string): Doing => ({
  is: 'edit',
  path: PATH,
  edits: [{ before, after, all: false }],
})
const show = (text: string): Doing => ({ is: 'show', path: PATH, when: 'after', text })
const touch: Doing = { is: 'touch', paths: [PATH], under: null, named: null }

// Each line as its text, the number of the call that made it, and how sure that is.
function blamed(text: string, ...doings: readonly Doing[]): string[] {
  const replay = new Replay()
  for (const [i, doing] of doings.entries()) replay.apply({ call: call(i + 1), unsure: false, doing })
  return blameText(replay.files.get(PATH)!, text).map(
    ({ text: line, by, confidence }) => `${line}|${by?.event ?? ''}|${confidence}`,
  )
}

const FILE = 'const heat = 200\nconst bread = warm(heat)\n'

const cases: readonly (readonly [string, string, readonly Doing[], readonly string[]])[] = [
  [
    'the file as it was written',
    FILE,
    [write(FILE)],
    ['const heat = 200|e1|exact', 'const bread = warm(heat)|e1|exact'],
  ],
  [
    'an edit changes the author of its lines only',
    FILE.replace('200', '250'),
    [write(FILE), edit('200', '250')],
    ['const heat = 250|e2|exact', 'const bread = warm(heat)|e1|exact'],
  ],
  [
    'a line that a person put in between',
    'const heat = 200\n// by hand\nconst bread = warm(heat)\n',
    [write(FILE)],
    ['const heat = 200|e1|exact', '// by hand||unknown', 'const bread = warm(heat)|e1|exact'],
  ],
  [
    'what a person put behind it, an empty line first',
    `${FILE}\n// by hand\n`,
    [write(FILE)],
    ['const heat = 200|e1|exact', 'const bread = warm(heat)|e1|exact', '||unknown', '// by hand||unknown'],
  ],
  [
    'a line that a person changed',
    FILE.replace('200', '999'),
    [write(FILE)],
    ['const heat = 999||unknown', 'const bread = warm(heat)|e1|exact'],
  ],
  [
    'a line that was moved',
    'const bread = warm(heat)\nlet cold = 0\nconst heat = 200\n',
    [write(`${FILE}let cold = 0\n`)],
    ['const bread = warm(heat)|e1|exact', 'let cold = 0|e1|exact', 'const heat = 200|e1|moved'],
  ],
  ['a brace is anybody’s, wherever it went', '}\nx\n', [write('a\n}\n'), write('a\n')], ['}||unknown', 'x||unknown']],
  [
    'what was there before the agent is not the agent’s',
    FILE,
    [show('const heat = 200\n'), edit('const heat = 200\n', FILE)],
    ['const heat = 200||unknown', 'const bread = warm(heat)|e2|exact'],
  ],
  [
    'after something that was not recorded nothing is exact',
    FILE,
    [write(FILE), touch],
    ['const heat = 200|e1|inferred', 'const bread = warm(heat)|e1|inferred'],
  ],
  [
    'until it was seen again',
    FILE,
    [write(FILE), touch, show(FILE)],
    ['const heat = 200|e1|exact', 'const bread = warm(heat)|e1|exact'],
  ],
  [
    'an older version of the file is blamed as what it was',
    FILE,
    [write(FILE), edit('200', '250'), edit('bread = warm(heat)', 'cake = cold()')],
    ['const heat = 200|e1|exact', 'const bread = warm(heat)|e1|exact'],
  ],
  [
    'a line taken back to what the agent had written once',
    'const heat = 200\nconst cake = 1 + 1\n',
    [write(FILE), edit('200', '250')],
    ['const heat = 200|e1|inferred', 'const cake = 1 + 1||unknown'],
  ],
  [
    'an edit of a file nobody saw, found by its words',
    'import x\n  const heat = 250 // warm\nexport y\n',
    [edit('heat = 200', 'heat = 250')],
    ['import x||unknown', '  const heat = 250 // warm|e1|inferred', 'export y||unknown'],
  ],
  [
    'words that stand in two places are found in neither',
    'const heat = 250\nconst heat = 250\n',
    [edit('heat = 200', 'heat = 250')],
    ['const heat = 250||unknown', 'const heat = 250||unknown'],
  ],
  [
    'line ends of another system',
    FILE.replaceAll('\n', '\r\n'),
    [write(FILE)],
    ['const heat = 200|e1|exact', 'const bread = warm(heat)|e1|exact'],
  ],
  ['an empty file has no lines', '', [write(FILE)], []],
]
for (const [what, text, doings, expected] of cases)
  test(what, () => assert.deepEqual(blamed(text, ...doings), expected))
