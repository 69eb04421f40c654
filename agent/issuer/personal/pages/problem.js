// What can go wrong, as a sentence for the person in front of the page and a code for the page.

export const problem = (code, message) => Object.assign(new Error(message), { code })
