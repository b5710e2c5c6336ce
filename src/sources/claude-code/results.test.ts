// What a tool's result says beyond its text: files and lines, refusals and the person's words in them, interruptions, work in the background.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ToolResult } from '../../event/payload.ts'
import { claudeCode } from './source.ts'

const file = { root: '/root', path: 'p/s.jsonl' }

function resultOf(content: unknown, failed: boolean, more: object): Partial<ToolResult> {
  const block = { type: 'tool_result', tool_use_id: 't1', content, ...(failed && { is_error: true }) }
  const value = { type: 'user', message: { role: 'user', content: [block] }, ...more }
  const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
  const [part] = claudeCode.translate(line, file, claudeCode.owner(file)!.memory).parts
  assert.equal(part?.kind, 'message.user.tool_result')
  const { call: _, failed: __, ...rest } = part.payload.result!
  return rest
}

function withoutShown(result: Partial<ToolResult>): Partial<ToolResult> {
  const { shows: _, ...rest } = result
  return rest
}

const REFUSED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file)."
const STOP = `${REFUSED} STOP what you are doing and wait for the user to tell you how to proceed.`
const hunk = (...lines: string[]) => ({ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines })
const path = '/w/a.ts'

// [what happens, the text of the result, is it an error, what stands beside it in the line, what the result says]
const cases: readonly (readonly [string, unknown, boolean, object, object])[] = [
  [
    'an edit',
    'ok',
    false,
    {
      toolUseResult: {
        filePath: path,
        oldString: 'b',
        newString: 'c',
        originalFile: 'a\nb',
        structuredPatch: [hunk(' a', '-b', '+c', '+d'), hunk('-x', '\\ No newline at end of file')],
      },
    },
    { files: [{ path, change: 'modified', added: 2, removed: 2 }] },
  ],
  [
    'several edits at once',
    'ok',
    false,
    {
      toolUseResult: {
        filePath: path,
        edits: [{ old_string: 'a', new_string: 'b' }],
        originalFileContents: 'a',
        structuredPatch: [hunk('-a', '+b')],
      },
    },
    { files: [{ path, change: 'modified', added: 1, removed: 1 }] },
  ],
  [
    'an edit out of nothing',
    'ok',
    false,
    {
      toolUseResult: {
        filePath: path,
        oldString: '',
        newString: 'a\nb\n',
        originalFile: '',
        structuredPatch: [hunk('+a', '+b')],
      },
    },
    { files: [{ path, change: 'created', added: 2, removed: 0 }] },
  ],
  [
    'a new file',
    'ok',
    false,
    { toolUseResult: { type: 'create', filePath: path, content: 'a\nb\nc', structuredPatch: [] } },
    { files: [{ path, change: 'created', added: 3, removed: 0 }] },
  ],
  [
    'an empty new file',
    'ok',
    false,
    { toolUseResult: { type: 'create', filePath: path, content: '', structuredPatch: [] } },
    { files: [{ path, change: 'created', added: 0, removed: 0 }] },
  ],
  [
    'a file written over',
    'ok',
    false,
    { toolUseResult: { type: 'update', filePath: path, content: 'x', structuredPatch: [hunk('-a', '-b', '+x')] } },
    { files: [{ path, change: 'modified', added: 1, removed: 2 }] },
  ],
  [
    'an edit whose patch was left out: no lines are claimed',
    'ok',
    false,
    { toolUseResult: { filePath: path, oldString: 'a', newString: 'b', structuredPatch: [] } },
    { files: [{ path, change: 'modified' }] },
  ],
  [
    'a notebook’s new cell',
    'ok',
    false,
    { toolUseResult: { notebook_path: '/w/n.ipynb', edit_mode: 'insert', new_source: 'x = 1\ny = 2' } },
    { files: [{ path: '/w/n.ipynb', change: 'modified', added: 2, removed: 0 }] },
  ],
  [
    'a notebook’s changed cell: what was there is not told',
    'ok',
    false,
    { toolUseResult: { notebook_path: '/w/n.ipynb', edit_mode: 'replace', new_source: 'x' } },
    { files: [{ path: '/w/n.ipynb', change: 'modified' }] },
  ],
  [
    'a notebook that would not be changed',
    'no',
    false,
    { toolUseResult: { notebook_path: '/w/n.ipynb', edit_mode: 'insert', new_source: 'x', error: 'no such cell' } },
    {},
  ],
  [
    'a file that was only read',
    '1 a',
    false,
    { toolUseResult: { type: 'text', file: { filePath: path, content: 'a' } } },
    {},
  ],
  [
    'an edit that failed',
    'String to replace not found',
    true,
    { toolUseResult: 'Error: String to replace not found' },
    {},
  ],
  ['a refusal', STOP, true, { toolUseResult: 'User rejected tool use' }, { refused: true }],
  ['a refusal, in older words', STOP, true, { toolUseResult: `Error: ${STOP}` }, { refused: true }],
  ['a refusal that only the line names', 'no', true, { toolDenialKind: 'user-rejected' }, { refused: true }],
  [
    'a refusal with the person’s words',
    `${REFUSED} To tell you how to proceed, the user said:\nfirst a branch, please`,
    true,
    {},
    { refused: true, feedback: 'first a branch, please' },
  ],
  [
    'the same, with a note to the model behind it',
    `${REFUSED} To tell you how to proceed, the user said:\nno\n\nreally not\n\nNote: The user's next message may contain a correction.`,
    true,
    {},
    { refused: true, feedback: 'no\n\nreally not' },
  ],
  [
    'the person’s words in a field of their own',
    STOP,
    true,
    { userFeedback: 'later' },
    { refused: true, feedback: 'later' },
  ],
  [
    'a refusal inside a subagent',
    'Permission for this tool use was denied. The tool use was rejected (…). The user said:\nnot there',
    true,
    {},
    { refused: true, feedback: 'not there' },
  ],
  [
    'denied by a rule: nobody said no',
    'Permission to use Bash has been denied.',
    true,
    { toolDenialKind: 'permission-rule' },
    {},
  ],
  ['a success that tells of a refusal', STOP, false, {}, {}],
  ['interrupted while it ran', '[Request interrupted by user for tool use]', true, {}, { interrupted: true }],
  [
    'interrupted, as the line records it',
    'partial',
    false,
    { toolUseResult: { stdout: 'partial', interrupted: true } },
    { interrupted: true },
  ],
  [
    'a subagent that was interrupted',
    'so far',
    false,
    { toolUseResult: { content: [], wasInterrupted: true } },
    { interrupted: true },
  ],
  [
    'a command that goes on in the background',
    'Command running in background with ID: b1.',
    false,
    { toolUseResult: { stdout: '', backgroundTaskId: 'b1', interrupted: false } },
    { background: true },
  ],
  [
    'a subagent that does',
    'launched',
    false,
    { toolUseResult: { isAsync: true, status: 'async_launched', agentId: 'a1' } },
    { background: true, agentId: 'a1' },
  ],
  [
    'the same in a subagent’s own file, where only the text tells',
    [{ type: 'text', text: 'Async agent launched successfully.\nagentId: a1b2c3 (internal ID)' }],
    false,
    {},
    { background: true, agentId: 'a1b2c3' },
  ],
  [
    'a finished subagent that only the text names',
    [
      { type: 'text', text: 'Done.' },
      { type: 'text', text: 'agentId: a1b2c3 (use SendMessage to go on)' },
    ],
    false,
    {},
    { agentId: 'a1b2c3' },
  ],
  ['a command that only puts out such words', 'agentId: a1b2c3 (use SendMessage)', false, {}, {}],
  ['an exit code that was recorded', 'no', false, { toolUseResult: { task: { exitCode: 3 } } }, { exit: 3 }],
]
for (const [what, content, failed, more, expected] of cases)
  test(what, () => assert.deepEqual(withoutShown(resultOf(content, failed, more)), expected))

const at = '/toolUseResult'
// [what happened, what is recorded of it, what it shows of the file]
const shown: readonly (readonly [string, object, object | undefined])[] = [
  [
    'an edit shows the file before it, and the places it changed',
    { filePath: path, originalFile: 'a\nb', structuredPatch: [hunk(' a', '-b', '+c')] },
    { path, before: `${at}/originalFile`, hunks: `${at}/structuredPatch` },
  ],
  [
    'several edits at once call it otherwise',
    { filePath: path, edits: [], originalFileContents: 'a', structuredPatch: [] },
    { path, before: `${at}/originalFileContents` },
  ],
  [
    'of a large file only the places',
    { filePath: path, originalFile: null, structuredPatch: [hunk('+c')] },
    { path, hunks: `${at}/structuredPatch` },
  ],
  [
    'a new file is what was written',
    { type: 'create', filePath: path, content: 'a', originalFile: null, structuredPatch: [] },
    { path, after: `${at}/content` },
  ],
  [
    'lines that were read',
    { type: 'text', file: { filePath: path, content: 'b\nc', startLine: 2, numLines: 2, totalLines: 9 } },
    { path, lines: { at: `${at}/file/content`, from: 2, total: 9 } },
  ],
  [
    'read from line 0 on, it is the first line that is shown',
    { type: 'text', file: { filePath: path, content: 'a', startLine: 0, numLines: 1, totalLines: 9 } },
    { path, lines: { at: `${at}/file/content`, from: 1, total: 9 } },
  ],
  [
    'a notebook before and after',
    { notebook_path: '/w/n.ipynb', new_source: 'x', original_file: '{}', updated_file: '{"cells":[]}' },
    { path: '/w/n.ipynb', before: `${at}/original_file`, after: `${at}/updated_file` },
  ],
  ['a picture shows no lines', { type: 'image', file: { filePath: path, base64: 'aaaa' } }, undefined],
  ['a command shows no file', { stdout: 'a', stderr: '' }, undefined],
]
for (const [what, toolUseResult, expected] of shown)
  test(what, () => assert.deepEqual(resultOf('ok', false, { toolUseResult }).shows, expected))

test('what stands beside several results is of none of them: nobody knows which', () => {
  const results = ['t1', 't2'].map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' }))
  const value = {
    type: 'user',
    message: { content: results },
    toolUseResult: { type: 'create', filePath: path, content: 'a', structuredPatch: [] },
  }
  const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
  const { parts } = claudeCode.translate(line, file, claudeCode.owner(file)!.memory)
  assert.deepEqual(
    parts.map(({ payload }) => payload.result?.files),
    [undefined, undefined],
  )
})
