// JSON as the formatter of this repository leaves it: two spaces, short lists on one line. For files that tests write.

export const writtenJson = (value: object): string =>
  `${JSON.stringify(value, null, 2).replace(
    /^(.*)\[\n([^[\]{}]*?)\n\s*\]/gm,
    (whole, before: string, items: string) => {
      const line = `${before}[${items.trim().replace(/,\n\s*/g, ', ')}]`
      return line.length < 120 ? line : whole
    },
  )}\n`
