// biome-ignore-all lint/suspicious/noArrayIndexKey: a list as it was written
// A list of to-dos as it was written: a box each, with its word for those who do not see it.
import type { Todo } from './tool.ts'

const STATE_WORDS = { done: 'Done', doing: 'Doing', open: 'Open' } as const

export function TodoList({ todos }: { todos: readonly Todo[] }) {
  return (
    <ul className="todos">
      {todos.map((todo, i) => (
        <li key={`${i}`} className={todo.state}>
          <span className="box" role="img" aria-label={STATE_WORDS[todo.state]} />
          {todo.text}
        </li>
      ))}
    </ul>
  )
}
