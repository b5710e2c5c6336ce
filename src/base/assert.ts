// A programmer's mistake stops here, on the side of the boundary where it was made. Never for bad input.
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}

// The compiler counts the cases; this is for the one it was told could not happen.
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
