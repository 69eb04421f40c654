// @ts-check
/**
 * The page of the link in a mail that proves an address. In the browser that asked, its button
 * signs in, and the dialog there goes on; in another one it shows the code to type where it was
 * asked for, and signs nobody in.
 */

import { LINK_CHANNEL } from './api.js'
import { codeToType, hint, saying, showLinkPage } from './link.js'

await showLinkPage({
  name: 'confirm',
  question: 'link',
  done(texts, { state, code, email }) {
    const params = { email, host: location.host }
    if (state === 'code') {
      const [title, text] = saying(texts, 'confirm.code', params)
      return [title, text, codeToType(code), hint(texts, 'confirm.code.only', params)]
    }
    new BroadcastChannel(LINK_CHANNEL).postMessage('used')
    return saying(texts, 'confirm.done', params)
  },
})
