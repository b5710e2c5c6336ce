// Highlights code, away from the page's thread, in a worker that starts with the first block that wants it.
import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import cpp from 'highlight.js/lib/languages/cpp'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import dockerfile from 'highlight.js/lib/languages/dockerfile'
import go from 'highlight.js/lib/languages/go'
import ini from 'highlight.js/lib/languages/ini'
import java from 'highlight.js/lib/languages/java'
import json from 'highlight.js/lib/languages/json'
import kotlin from 'highlight.js/lib/languages/kotlin'
import markdown from 'highlight.js/lib/languages/markdown'
import php from 'highlight.js/lib/languages/php'
import python from 'highlight.js/lib/languages/python'
import ruby from 'highlight.js/lib/languages/ruby'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import swift from 'highlight.js/lib/languages/swift'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { type CodeSpan, codeSpans } from './code-words.ts'

export interface CodeAsked {
  readonly n: number
  readonly language: string
  readonly text: string
}
export interface CodeAnswer {
  readonly n: number
  readonly spans: readonly CodeSpan[] | null // null: not a language it knows
}

const LANGUAGES = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  json,
  kotlin,
  markdown,
  php,
  python,
  ruby,
  rust,
  sql,
  swift,
  typescript,
  xml,
  yaml,
}
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language)
hljs.registerAliases(['js', 'jsx', 'mjs', 'cjs', 'javascript', 'ts', 'tsx', 'mts'], { languageName: 'typescript' })
hljs.registerAliases(['jsonc', 'json5', 'jsonl'], { languageName: 'json' })
hljs.registerAliases(['shell', 'sh', 'zsh', 'console'], { languageName: 'bash' })

self.onmessage = ({ data }: MessageEvent<CodeAsked>) => {
  const { n, language, text } = data
  const spans = hljs.getLanguage(language)
    ? codeSpans(hljs.highlight(text, { language, ignoreIllegals: true }).value)
    : null
  self.postMessage({ n, spans } satisfies CodeAnswer)
}
