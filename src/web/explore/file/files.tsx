// Files: the list of all, one file's history, or what one prompt made; which, says the address.
import { ALL_FILES } from '../../state/files-route.ts'
import { useRoute } from '../../state/hooks.ts'
import { FilePage } from './file.tsx'
import { useRowKeys } from './keys.ts'
import { FileList } from './list.tsx'
import { MadePage } from './made.tsx'

export function Files() {
  const { files } = useRoute()
  const place = files ?? ALL_FILES
  useRowKeys()
  switch (place.at) {
    case 'file':
      return <FilePage path={place.path} what={place.what} />
    case 'made':
      return <MadePage by={place.by} />
    case 'list':
      return <FileList place={place} />
  }
}
