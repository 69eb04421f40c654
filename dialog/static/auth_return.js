// @ts-check
/**
 * The page to which the identity provider's authentication page returns (C2.3). It tells the
 * dialog by BroadcastChannel, which reaches it also where the provider has cut off the window
 * (COOP), and never speaks to its opener, who may be anybody.
 */

import { element, phrase } from './dom.js'
import { ATTEMPT_KEY } from './idpwindow.js'
import { loadTexts } from './text.js'

const isCancelled = new URLSearchParams(location.search).has('AUTH_RETURN_CANCEL')
const attempt = sessionStorage.getItem(ATTEMPT_KEY) // cloned from the dialog when it opened us
if (attempt) {
  const channel = new BroadcastChannel('navid')
  channel.postMessage({ type: 'auth_return', attempt, cancelled: isCancelled })
  channel.close()
}
// With its opener alive the window is still the dialog's, which needs it for the provider's page.
if (!window.opener || window.opener.closed) window.close()

const texts = await loadTexts(document.documentElement.lang)
const text = isCancelled ? 'return.cancelled' : 'return'
const close = element('button', {
  id: 'close',
  type: 'button',
  class: 'primary',
  click: () => window.close(),
})
close.append(...phrase(texts, 'action.close'))
document
  .querySelector('main')
  ?.replaceChildren(
    element('h1', {}, ...phrase(texts, `${text}.title`)),
    element('p', {}, ...phrase(texts, `${text}.text`)),
    element('div', { class: 'actions' }, close),
  )
