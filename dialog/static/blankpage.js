// @ts-check
/** What a person sees in the provider's window until the provider's page is there. */

/**
 * Writes a sentence into a blank page of our own origin, in the dialog's language and look.
 *
 * @param {Window} blank
 * @param {Document} document the dialog's
 * @param {import('./text.js').Texts} texts
 */
export function furnish(blank, document, texts) {
  const page = blank.document
  const { lang, dir } = document.documentElement
  Object.assign(page.documentElement, { lang, dir, className: 'blank' })
  page.title = texts.plain('blank.title')
  const styles = Array.from(document.querySelectorAll('link[rel=stylesheet]'), (link) =>
    page.importNode(link),
  )
  const main = page.createElement('main')
  main.append(page.createElement('h1'), page.createElement('p'))
  main.children[0].textContent = texts.plain('blank.title')
  main.children[1].textContent = texts.plain('blank.text')
  page.head.append(...styles)
  page.body.replaceChildren(main)
}
