// What is on window is for the tests: config comes from the page, takeOver is for the helper's frame.
const { config } = window
window.heard = []
window.dialog = null

// A request that names the victim wherever an origin could be looked for. An honest one names nobody.
const request = (lying) => {
  const { victim } = config
  const name = lying
    ? { origin: victim, audience: victim, aud: victim, hostname: victim.replace(/^.*\//, '') }
    : {}
  const params = { siteName: 'Your Bank', rp_api: 'stateless', ...name }
  return JSON.stringify({ a: 'request', ...name, d: { method: 'get', ...name, params } })
}

const hear = (line) => {
  window.heard.push(line)
  document.querySelector('#heard').textContent = window.heard.join('\n')
  if (parent !== window) parent.postMessage({ relayed: line }, '*')
}

const answer = (source) => {
  if (config.way === 'helper') return parent.takeOver(source)
  source.postMessage(request(config.way !== 'moving'), config.host)
  if (config.way === 'moving') location.href = config.to
}

// The request is made in a task of this window's own, which makes this window its source.
window.takeOver = (source) => setTimeout(() => source.postMessage(request(true), config.host))

addEventListener('message', ({ origin, source, data }) => {
  if (data && data.relayed) return hear(data.relayed)
  hear(origin + ' ' + data)
  if (origin === config.host && String(data).includes('"ready"')) answer(source)
})

const button = document.querySelector('button')
if (button) {
  button.addEventListener('click', () => {
    window.dialog = open(config.host + '/sign_in', 'evil', 'width=700,height=375')
  })
}
