// @ts-check
/** Making elements. Text is only ever text (style 33): nothing here parses HTML. */

/** @typedef {Node | string} Child */

/** How many characters fit into a line of the narrowest page. */
const LINE = 24

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | EventListener | undefined>} attributes true: present;
 *   false or undefined: absent; a function: the listener for the event of that name
 * @param {...Child} children
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value)
    else if (value !== undefined && value !== false)
      node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children)
  return node
}

/**
 * A text as nodes, with those of its values isolated that are none yet.
 *
 * @param {import('./text.js').Texts} texts
 * @param {string} key
 * @param {import('./text.js').Params} [params]
 * @returns {Child[]}
 */
export function phrase(texts, key, params) {
  return texts
    .pieces(key, params)
    .map((piece) => ('text' in piece ? piece.text : asNode(piece.value)))
}

/** @param {Child} value */
function asNode(value) {
  return typeof value === 'string' ? isolated(value) : value
}

/**
 * A value in a `<bdi>`, so that one of the other writing direction cannot reorder the sentence
 * around it. An address that is too long for a line may break before its @.
 *
 * @param {string} value
 */
export function isolated(value) {
  const [first, ...rest] = value.length > LINE ? value.split(/(?=@)/) : [value]
  return element('bdi', {}, first ?? '', ...rest.flatMap((part) => [element('wbr'), part]))
}
