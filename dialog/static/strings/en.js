// @ts-check
/**
 * English. Each language has a file like this with the same keys; {names} stand for values and
 * may be put wherever the language wants them. What a person reads is nowhere else.
 *
 * Here is what the first screens need. The rest, in the folder later, comes after them.
 */

/** @type {Record<string, string>} */
export default {
  'site.label': 'Sign in to',
  'site.name': 'It calls itself “{name}”',
  'site.promise':
    'The site gets your address and nothing else. Your mail provider does not learn where you sign in.',

  'site.own': 'The site’s own {terms} and {privacy}',
  'site.terms': 'terms',
  'site.privacy': 'privacy policy',
  'site.window': '(in a new window)',

  'action.next': 'Next',
  'action.back': 'Back',
  'action.cancel': 'Cancel',
  'action.close': 'Close',
  'action.show': 'Show the window',
  'action.retry': 'Try again',
  'action.other': 'Use another address',
  'action.remove': 'Remove from this browser',

  'enter.title': 'Sign in with e-mail',
  'enter.label': 'E-mail address',
  'enter.example': 'you@example.org',
  'enter.missing': 'Please type your e-mail address first.',
  'enter.device': 'This is not my own device',
  'enter.device.hint': 'Nothing about you will be kept in this browser.',

  'pick.title': 'Choose an address',
  'pick.one.title': 'Welcome back',
  'pick.continue': 'Continue as {email}',
  'pick.remove': 'Remove {email} from this browser',

  'wait.moment.title': 'One moment',
  'wait.moment.text': 'Getting things ready.',
  'wait.slow':
    'This is taking longer than it should. You can go on waiting, or leave and try again later.',

  'notice.storage_corrupt':
    'What this browser remembered could not be read. Please type your address again.',
  'notice.storage_full': 'This browser has no room left, so it will not remember your address.',

  'incomplete.title': 'This page is incomplete',
  'incomplete.text':
    'A part of it could not be loaded. Check that you are online, close the window and try again on the site.',
  'error.invalid_email.text': 'This does not look like an e-mail address.',
}
