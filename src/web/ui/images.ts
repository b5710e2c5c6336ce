// Pictures that stand inside a transcript, found in the event's raw line whatever its agent calls them. Pure. Only bytes that are
// there are ever shown: an address is never followed, and a drawing that could hold a script (SVG) is not taken.
const TYPE = /^image\/(?:png|jpeg|gif|webp)$/
const BASE64 = /^[A-Za-z0-9+/]+=*$/
const DATA_URL = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]+=*)$/
const IMAGES_MAX = 12
const DEPTH_MAX = 12

export function imagesIn(raw: unknown): readonly string[] {
  const found = new Set<string>()
  look(raw, found, 0)
  return [...found]
}

function look(value: unknown, found: Set<string>, depth: number): void {
  if (found.size >= IMAGES_MAX || depth > DEPTH_MAX) return
  if (typeof value === 'string' && value.startsWith('data:image/') && DATA_URL.test(value)) found.add(value)
  if (typeof value !== 'object' || value === null) return
  const { data, type, ...names } = value as Readonly<Record<string, unknown>>
  const kind = [names.media_type, names.mediaType, names.mimeType, names.mime_type, type].find(
    (name) => typeof name === 'string' && TYPE.test(name),
  )
  if (kind !== undefined && typeof data === 'string' && BASE64.test(data)) found.add(`data:${kind};base64,${data}`)
  for (const inside of Object.values(value)) look(inside, found, depth + 1)
}
