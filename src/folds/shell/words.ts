// Words of a command as the program gets them, as far as the text says: without quotes, with the variables whose value stands before them,
// and with texts that are written as `$(cat <<EOF …)`. What only the shell could know stays as it was written.
import type { Command, ParsedScript, Word, WordPart } from 'unbash'

interface Known {
  readonly words: ReadonlyMap<string, string> // variables whose value stands in the text
}

// The scripts of `$(…)`, backticks and `<(…)` in a command's words.
export function substitutions(command: Command): ParsedScript[] {
  const words: Word[] = command.name ? [command.name] : []
  for (const arg of command.args) if (arg.type === 'Word') words.push(arg)
  for (const each of command.prefix)
    if (each.type === 'Assignment' && each.value.type === 'Word') words.push(each.value)
  return words.flatMap((word) => scriptsIn(word.parts ?? []))
}

const scriptsIn = (parts: readonly WordPart[]): ParsedScript[] =>
  parts.flatMap((part) => {
    if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') return scriptsIn(part.parts)
    if (part.type !== 'CommandExpansion' && part.type !== 'ProcessSubstitution') return []
    return part.script === undefined || printed(part.script) !== null ? [] : [part.script]
  })

export const isPlain = (word: Word): boolean =>
  (word.parts ?? []).every(({ type }) => type === 'Literal' || type === 'SingleQuoted' || type === 'DoubleQuoted')

// The word as the command gets it, as far as the text says.
export function wordValue(word: Word, around: Known): string {
  const parts = word.parts
  return parts === undefined ? word.value : parts.map((part) => partValue(part, around)).join('')
}

function partValue(part: WordPart, around: Known): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map((each) => partValue(each, around)).join('')
    case 'SimpleExpansion':
      return around.words.get(part.text.slice(1)) ?? part.text
    case 'ParameterExpansion':
      return (part.operation === undefined ? around.words.get(part.parameter) : undefined) ?? part.text
    case 'CommandExpansion':
      return (part.script && printed(part.script)) ?? part.text
    default:
      return part.text
  }
}

// `$(cat <<'EOF' … EOF)`: a text, written in the only way that keeps its quotes.
function printed(script: ParsedScript): string | null {
  const only = script.commands.length === 1 ? script.commands[0]!.command : undefined
  if (only?.type !== 'Command' || only.name?.value !== 'cat' || only.args.length > 0) return null
  const doc = only.redirects.find((each) => each.type === 'HereDoc')
  return doc?.type === 'HereDoc' ? doc.body.text.replace(/\n+$/, '') : null
}
