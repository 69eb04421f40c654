// @ts-check
/** The page of the link in a notice: it takes back a passkey that its reader has not made. */

import { hint, saying, showLinkPage } from './link.js'

await showLinkPage({
  name: 'undo',
  question: 'passkey/undo',
  done: (texts) => [...saying(texts, 'undo.done'), hint(texts, 'undo.done.more')],
})
