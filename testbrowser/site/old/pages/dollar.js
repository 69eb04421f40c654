// What pages of 2012 took from a library: find, listen, post. No more of it than they use, in the words that browsers had.
/* eslint no-var: off, no-unused-vars: off -- pages use these globals, and let is of 2015 */
var $ = (function () {
  function find(what) {
    if (typeof what === 'function') {
      if (document.readyState !== 'loading') what()
      else document.addEventListener('DOMContentLoaded', what)
      return null
    }
    var element = document.querySelector(what)
    return {
      click: function (listener) {
        if (!element) return
        element.onclick = function () {
          return listener.call(element)
        }
      },
      val: function () {
        return element.value
      },
      text: function (text) {
        element.textContent = text
      },
    }
  }

  function encode(data) {
    return Object.keys(data || {})
      .map(function (name) {
        return encodeURIComponent(name) + '=' + encodeURIComponent(data[name])
      })
      .join('&')
  }

  find.ajax = function (options) {
    var request = new XMLHttpRequest()
    request.open(options.type || 'POST', options.url, options.async !== false)
    request.setRequestHeader(
      'Content-Type',
      options.contentType || 'application/x-www-form-urlencoded; charset=UTF-8',
    )
    Object.keys(options.headers || {}).forEach(function (name) {
      request.setRequestHeader(name, options.headers[name])
    })
    request.onload = function () {
      if (request.status === 200) options.success(request.responseText)
      else if (options.error) options.error(request)
    }
    request.send(typeof options.data === 'string' ? options.data : encode(options.data))
  }
  return find
})()

function readCookie(name) {
  var found = document.cookie.match(new RegExp('(?:^|; )' + name + '=([^;]*)'))
  return found ? decodeURIComponent(found[1]) : null
}
