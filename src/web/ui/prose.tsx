// biome-ignore-all lint/suspicious/noArrayIndexKey: parts of one text never change their order
// Markdown drawn as elements of our own, from a tree. No HTML is ever set. Until the tree is there: the words as they were written.
import { memo, type ReactNode } from 'react'
import { drawWord } from './code-lines.tsx'
import { useHighlighted } from './highlight.ts'
import type { Block, Inline } from './markdown-tree.ts'
import { useMarkdown } from './read-markdown.ts'

export const Prose = memo(function Prose({ text }: { text: string }) {
  const blocks = useMarkdown(text)
  return <div className="prose">{blocks === null ? <p className="as-written">{text}</p> : blocks.map(drawBlock)}</div>
})

// A tree made from one text never changes its order, so a place in it is a fine key.
function drawBlock(block: Block, key: number): ReactNode {
  switch (block.as) {
    case 'p':
      return <p key={key}>{block.inside.map(drawInline)}</p>
    case 'heading':
      return (
        <p key={key} className={`h h${block.level}`}>
          {block.inside.map(drawInline)}
        </p>
      )
    case 'code':
      return <Code key={key} language={block.language} text={block.text} />
    case 'rule':
      return <hr key={key} />
    case 'quote':
      return <blockquote key={key}>{block.blocks.map(drawBlock)}</blockquote>
    case 'list': {
      const items = block.items.map((item, i) => <li key={`${i}`}>{item.map(drawBlock)}</li>)
      return block.start === null ? (
        <ul key={key}>{items}</ul>
      ) : (
        <ol key={key} start={block.start}>
          {items}
        </ol>
      )
    }
    case 'table':
      return <Table key={key} table={block} />
  }
}

function Code({ language, text }: { language: string; text: string }) {
  const spans = useHighlighted(language, text)
  return (
    <figure className="code">
      {language !== '' && <figcaption>{language}</figcaption>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="scroller" tabIndex={0}>
        <code>{spans === null ? text : spans.map(drawWord)}</code>
      </pre>
    </figure>
  )
}

function Table({ table }: { table: Block & { as: 'table' } }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table scroller" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.head.map((cell, i) => (
              <th key={`${i}`}>{cell.map(drawInline)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr key={`${i}`}>
              {row.map((cell, j) => (
                <td key={`${j}`}>{cell.map(drawInline)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function drawInline(node: Inline, key: number): ReactNode {
  switch (node.as) {
    case 'text':
      return node.text
    case 'code':
      return <code key={key}>{node.text}</code>
    case 'break':
      return <br key={key} />
    case 'strong':
      return <strong key={key}>{node.inside.map(drawInline)}</strong>
    case 'em':
      return <em key={key}>{node.inside.map(drawInline)}</em>
    case 's':
      return <s key={key}>{node.inside.map(drawInline)}</s>
    case 'link':
      return node.href === '' ? (
        <span key={key}>{node.inside.map(drawInline)}</span>
      ) : (
        <a key={key} href={node.href} target="_blank" rel="noopener noreferrer">
          {node.inside.map(drawInline)}
        </a>
      )
  }
}
