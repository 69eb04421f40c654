// The cases that the Go tests read, too.
import { readFileSync } from 'node:fs'

export const cases = JSON.parse(
  readFileSync(new URL('../../testdata/cases.json', import.meta.url), 'utf8'),
)
