// @ts-check
/** English, what the first screens do not need. */

/** @type {Record<string, string>} */
export default {
  'code.title': 'Check your mail',
  'code.text':
    'A mail with the words {words} is on its way to {email}. Type its code here, or open its link.',
  'code.label': 'Code from the mail',
  'code.resend': 'Send again',
  'code.resent': 'Another mail is on its way. A code that came earlier still works.',
  'code.passkey': 'Use a passkey',
  'code.back': 'Change address',
  'code.problem.missing': 'The code is the six digits in the mail.',
  'code.problem.wrong_code': 'This is not the code. {left} more tries.',
  'code.problem.wrong_code.one': 'This is not the code. One more try.',
  'code.problem.wrong_code.none': 'This is not the code. Send a new one.',
  'code.problem.code_expired': 'The code has run out. Send a new one.',
  'code.problem.code_spent': 'This code is used up. Send a new one.',
  'code.problem.too_many': 'Too many tries. You can go on {wait}.',
  'code.problem.too_many.mails': 'No more mails for now. Wait for the button.',
  'code.problem.host_unreachable': 'No connection. Try again.',
  'code.problem.host_busy': 'Too many questions from your network. Wait a minute, then try again.',
  'code.problem.mail_failed': 'The mail could not be delivered: {reason}',
  'code.problem.mail_waits':
    'The mail has not gone out yet, and is tried again by itself: {reason}',
  'code.problem.passkey_cancelled': 'No passkey was used.',
  'code.problem.passkey_unknown': 'This passkey has been removed. Use the code from the mail.',
  'code.problem.passkey_refused':
    'This passkey does not count any more. Use the code from the mail.',
  'code.problem.internal': 'Something went wrong here. Please try again.',

  'passkey.title': 'Next time without a mail?',
  'passkey.text':
    'With a passkey your fingerprint, your face or the lock of this device confirms {email}.',
  'passkey.go': 'Add a passkey',
  'passkey.later': 'Not now',
  'passkey.problem.passkey_cancelled': 'No passkey was used.',
  'passkey.problem.passkey_known': 'This device has a passkey for you already.',
  'passkey.problem.passkey_unknown': 'This passkey has been removed.',
  'passkey.problem.passkey_refused': 'This passkey does not count any more.',
  'passkey.problem.host_unreachable': 'No connection. Please try again.',
  'passkey.problem.internal': 'That did not work. Please try again.',
  'unlock.title': 'Is it you?',
  'unlock.text': 'The passkey of this device confirms {email}.',
  'unlock.go': 'Use the passkey',
  'unlock.mail': 'Send a mail instead',
  'choose.title': 'Which address?',

  'continue.go': 'Continue to {authority}',
  'continue.first.title': 'Confirm your address',
  'continue.first':
    '{authority} will confirm that {email} is yours. This happens in a window of its own.',
  'continue.issuer.title': 'The site wants {authority} to confirm your address',
  'continue.issuer':
    '{authority} is not the provider of {email}. It will learn this address. Never type the password of your mail there.',
  'continue.closed.title': 'Not confirmed yet',
  'continue.closed':
    'Finish in the window of {authority} if you still see it. If it was closed before it was done, open it again.',

  'wait.discovery.title': 'Looking up {domain}',
  'wait.discovery.text': 'Finding out who can confirm your address.',
  'wait.provider.title': 'Asking {authority}',
  'wait.provider.text': 'It may be able to confirm {email} at once.',
  'wait.window.title': 'Go on in the other window',
  'wait.window.text':
    '{authority} is confirming there that {email} is yours. This window waits for it.',

  'wait.host.title': 'Confirming {email}',
  'wait.host.text': 'This takes a moment.',
  'wait.mail.title': 'Sending a mail to {email}',
  'wait.mail.text': 'It brings a code to type here.',

  'done.title': 'You are signed in',
  'done.text':
    'This browser keeps nothing about you. But you may still be signed in at {authority} here: sign out there before you leave this device.',
  'done.mail':
    'This browser keeps nothing about you. If you have opened your mail on this device, sign out there before you leave it.',
  'closed.title': 'All done',
  'closed.text': 'You can close this window.',
  'standalone.title': 'Nothing to do here just now',
  'standalone.text':
    'This window lets you sign in to a site with your e\u2011mail address. It opens when you choose to sign in there: go back to the site and try again.',

  'link.internal.title': 'Something went wrong here',
  'link.internal.text': 'This is a fault of {host}, not yours. Trying again may help.',
  'link.host_unreachable.title': 'No connection',
  'link.host_unreachable.text':
    '{host} could not be reached. Check that you are online, then try again.',
  'link.too_many.title': 'Too many tries',
  'link.too_many.text': 'Try again {wait}.',

  'confirm.title': 'Is it you who is signing in?',
  'confirm.text':
    'If you have just typed your address into a window of {host}, confirm that it is yours. If not, close this page: nothing happens.',
  'confirm.go': 'Yes, it is me',
  'confirm.done.title': 'Confirmed',
  'confirm.done.text':
    'Go back to the window where you began to sign in: it goes on by itself. You can close this page.',
  'confirm.code.title': 'Type this code there',
  'confirm.code.text':
    'You began to sign in as {email} on another device or in another browser. Type the code into the window that waits there.',
  'confirm.code.only':
    'Only into a window that shows {host} in its address bar, and tell it nobody.',
  'confirm.missing.title': 'This link is not whole',
  'confirm.missing.text':
    'A part of it was lost on the way. Type the code from the mail instead, or copy the whole link.',
  'confirm.problem.challenge_unknown.title': 'This link is not known here',
  'confirm.problem.challenge_unknown.text':
    'It may be too old. Go back to the window where you began, and have another mail sent.',
  'confirm.problem.code_expired.title': 'This link has run out',
  'confirm.problem.code_expired.text':
    'Links are good for ten minutes. Go back to the window where you began, and have another mail sent.',
  'confirm.problem.code_spent.title': 'This link is used up',
  'confirm.problem.code_spent.text':
    'It has served already. If it was not you who used it, have another mail sent.',
  'confirm.problem.blocked.title': 'This address cannot be used here',
  'confirm.problem.blocked.text': 'Whoever runs {host} has shut it out. Ask them.',

  'undo.title': 'Remove the new passkey?',
  'undo.text':
    'If it was not you who added it to {host}, somebody else can read your mail. With the passkey all sign-ins with your address end.',
  'undo.go': 'Remove the passkey',
  'undo.done.title': 'The passkey is removed',
  'undo.done.text': 'Whoever signs in with your address has to prove it anew by mail, you too.',
  'undo.done.more': 'Now change the password of your mailbox: somebody may have read your mail.',
  'undo.missing.title': 'This link is not whole',
  'undo.missing.text': 'A part of it was lost on the way. Copy the whole link from the mail.',
  'undo.problem.passkey_unknown.title': 'There is nothing to remove',
  'undo.problem.passkey_unknown.text':
    'This passkey has been removed already, or it has been there for more than a month: then remove it on the page of your account.',

  'account.title': 'Your account',
  'account.addresses': 'Addresses',
  'account.addresses.text': 'Confirmed here, for the sites that you sign in to.',
  'account.add': 'Add an address',
  'account.proven': 'Proven by mail {when}',
  'account.lapsed': 'To be proven again before its next use',
  'account.prove': 'Prove again',
  'account.remove': 'Remove',
  'account.passkeys': 'Passkeys',
  'account.passkeys.text':
    'Your fingerprint, your face or the lock of a device, in place of the mail with the code.',
  'account.passkey': 'Added {created}, last used {used}',
  'account.rename': 'Rename',
  'account.enrol': 'Add a passkey',
  'account.sessions': 'Where you are signed in',
  'account.sessions.text': 'These browsers can sign in to sites as you without asking again.',
  'account.session': 'Signed in {created}, last seen {seen}',
  'account.here': 'This browser, signed in {created}',
  'account.end': 'Sign out',
  'account.sign_out': 'Sign out here',
  'account.sign_out_everywhere': 'Sign out everywhere',
  'account.certificates': 'Recent sign-ins',
  'account.certificates.text':
    'Each lets a browser sign in to sites as you, for an hour at most. Nobody here knows to which.',
  'account.certificates.none': 'None so far.',
  'account.certificates.count': 'Show the latest ({count})',
  'account.certificate': '{when}, for {email}, to {browser}',
  'account.data': 'Your data',
  'account.data.text': 'All that is kept of you is on this page.',
  'account.export': 'Save as a file',
  'account.delete': 'Delete everything',

  'rename.title': 'Rename the passkey',
  'rename.label': 'Name',
  'rename.go': 'Save',

  'sure.remove.title': 'Remove {email}?',
  'sure.remove.text':
    'It can be added again by another mail. Sites where you used it know you by it still.',
  'sure.remove.go': 'Remove the address',
  'sure.remove_last.title': 'Remove {email}, your last address?',
  'sure.remove_last.text':
    'Without it nothing is left of you here: passkeys and sign-ins end too. Sites where you used it know you by it still.',
  'sure.remove_last.go': 'Remove the last address',
  'sure.unenrol.title': 'Remove {name}?',
  'sure.unenrol.text':
    'This passkey will not sign you in any more. It may still be offered until you delete it on its device too.',
  'sure.unenrol.go': 'Remove the passkey',
  'sure.sign_out_everywhere.title': 'Sign out everywhere?',
  'sure.sign_out_everywhere.text':
    'Each browser has to prove your address anew. Sites may still let one in for up to an hour.',
  'sure.sign_out_everywhere.go': 'Sign out everywhere',
  'sure.delete.title': 'Delete everything?',
  'sure.delete.text':
    'Your addresses, passkeys and sign-ins at {host} are deleted. This cannot be taken back.',
  'sure.delete.go': 'Delete everything',

  'notice.added': 'The address was added.',
  'notice.removed': 'The address was removed.',
  'notice.passkey_added': 'The passkey was added. A mail tells you of it.',
  'notice.passkey_removed': 'The passkey was removed.',
  'notice.passkey_cancelled': 'No passkey was added.',
  'notice.passkey_known': 'This device has a passkey for you already.',
  'notice.passkey_refused': 'The passkey could not be added.',
  'notice.ended': 'That browser is signed out.',
  'notice.exported': 'The file was saved.',
  'notice.host_unreachable': 'No connection. Nothing was changed.',
  'notice.too_many': 'Too many changes at once. Try again later.',
  'notice.failed': 'That did not work. Please try again.',

  'blank.title': 'One moment',
  'blank.text': 'The page of your mail provider is on its way.',
  'return.title': 'Done here',
  'return.text': 'Your provider has sent you back. You can close this window.',
  'return.cancelled.title': 'Not signed in',
  'return.cancelled.text': 'You left the sign-in at your provider. You can close this window.',

  'check.title': 'Check a mail provider',
  'check.text':
    'For people who run a mail domain: why does signing in with its addresses not work? This host looks at the domain as it does at a sign-in, and says what to do.',
  'check.label': 'Mail domain, or an address of it',
  'check.example': 'example.org',
  'check.hint': 'Of an address, only what is behind the @ leaves this browser.',
  'check.go': 'Check',
  'check.missing': 'Please type a mail domain first.',
  'check.wait': 'Looking at {domain}. This can take half a minute.',
  'check.seen':
    'The sign-in window said “{what}” ({code}). What shows only when somebody signs in, such as a wrong certificate, a check does not see.',
  'check.error': 'Error',
  'check.warning': 'Warning',
  'check.note': 'Good to know',
  'check.good': 'As it should be: {count}',
  'check.steps': 'What was asked for: {count}',
  'check.unseen': 'What a check cannot see',
  'check.problem.invalid_domain': 'This is not the name of a mail domain.',
  'check.problem.too_many_requests':
    'There have been many checks from your network. Wait a minute, then try again.',
  'check.problem.host_busy': 'There are many checks under way. Wait a minute, then try again.',
  'check.problem.host_unreachable': 'This host could not be reached. Are you online?',
  'check.problem.internal': 'Something went wrong here. Please try again.',

  'error.check': 'What is wrong at {domain}?',
  'error.later': 'later',
  'error.code': 'Code for support:',
  'error.cancelled.title': 'The sign-in was cancelled',
  'error.cancelled.text': 'You have not been signed in. You can close this window.',
  'error.return_not_allowed.title': 'The site is not set up for this',
  'error.return_not_allowed.text':
    'Without a window of its own, a sign-in goes only where the site has said it may. This site has not, or not for this page; please tell whoever runs it. (For them: /.well-known/navid must list the path in returnTo, and other origins must be allowed to read it.)',
  'error.no_request.title': 'The site has not said what it wants',
  'error.no_request.text':
    'It opened this window but did not ask for anything. Close the window and try again on the site.',
  'error.invalid_origin.title': 'This page may not ask you to sign in',
  'error.invalid_origin.text':
    'Only sites with a secure connection (https) may. Nothing about you was sent. You can close this window.',
  'error.detail': 'For its developers: {detail}',
  'error.invalid_options.title': 'The site made a mistake',
  'error.invalid_options.text':
    'The site asked for your sign-in in a way that cannot be understood. This is not your fault, and only the site can mend it.',
  'error.invalid_email.title': 'This is not an e-mail address',

  'error.host_unreachable.title': 'No connection',
  'error.host_unreachable.text':
    'This sign-in service could not be reached. Check that you are online, then try again.',
  'error.host_busy.title': 'Too many questions at once',
  'error.host_busy.text':
    'This sign-in service has been asked too often from your network. Wait a minute, then try again.',
  'error.no_provider.title': '{domain} cannot confirm addresses yet',
  'error.no_provider.text':
    'Nobody vouches for addresses at {domain} here, so {email} cannot be used. An address of another provider may work.',
  'error.provider_unreachable.title': '{domain} does not answer',
  'error.provider_unreachable.text':
    'Your mail provider has to confirm your address, and cannot be reached just now. Try again in a few minutes.',
  'error.provider_invalid.title': '{domain} is not set up correctly',
  'error.provider_invalid.text':
    'What your mail provider publishes for signing in has a mistake in it. Only the provider can mend it.',
  'error.provider_silent.title': '{domain} said nothing',
  'error.provider_silent.text':
    'The page of your mail provider opened but did not get on with the sign-in. It may work if you try again.',
  'error.provider_refused.title': '{domain} did not confirm this address',
  'error.provider_refused.text':
    'You may be signed in there with another address than {email}. Sign out there, or choose another address here.',
  'error.provider_misspoke.title': '{domain} could not be understood',
  'error.provider_misspoke.text':
    'The page of your mail provider answered in a way it should not. If trying again does not help, tell the provider.',
  'error.popup_blocked.title': 'The window could not open',
  'error.popup_blocked.text':
    'Your browser kept the window of {domain} from opening. Allow pop-up windows for {host}, then try again.',

  'error.certificate_malformed.title': 'The confirmation cannot be read',
  'error.certificate_malformed.text':
    '{domain} sent something that is not a confirmation of your address. The fault is at the provider.',
  'error.certificate_wrong_address.title': 'The confirmation is for another address',
  'error.certificate_wrong_address.text':
    '{domain} did not confirm {email} but another address. Nothing was sent to the site. Choose the address that you use there.',
  'error.certificate_wrong_key.title': 'The confirmation is not for this browser',
  'error.certificate_wrong_key.text':
    '{domain} confirmed a key that this browser does not have. It was thrown away. The fault is at the provider.',
  'error.certificate_wrong_issuer.title': 'The confirmation is from somebody else',
  'error.certificate_wrong_issuer.text':
    'It was not signed in the name of the provider of your address, so it was thrown away. The fault is at {domain}.',
  'error.certificate_too_long.title': 'The confirmation would last too long',
  'error.certificate_too_long.text':
    'For your safety confirmations end after a day, and the one from {domain} does not. The fault is at the provider.',
  'error.certificate_wrong_time.title': 'The confirmation has the wrong time',
  'error.certificate_wrong_time.text':
    'It is over already, or not valid yet. The clock of {domain} may be wrong. Try again in a few minutes.',
  'error.certificate_bad_signature.title': 'The confirmation is not genuine',
  'error.certificate_bad_signature.text':
    'Its signature does not fit the keys that {domain} publishes, so it was thrown away. If it happens again, tell the provider.',
  'error.issuer_key_unsupported.title': '{domain} uses an outdated key',
  'error.issuer_key_unsupported.text':
    'Browsers can no longer check what it signs. Only the provider can change that. An address of another provider may work.',
  'error.algorithm_unsupported.title': 'No common language',
  'error.algorithm_unsupported.text':
    'The site, {domain} and this browser share no kind of key. Try another browser, or an address of another provider.',

  'error.not_proven.title': 'Not confirmed',
  'error.not_proven.text':
    'Nothing has shown yet that {email} is yours. A passkey or a code for another address does not. Try again with the right one.',
  'error.wrong_code.title': 'This is not the code',
  'error.wrong_code.text': 'Compare it with the mail, and try again.',
  'error.code_expired.title': 'This code has run out',
  'error.code_expired.text': 'Codes are good for ten minutes. Get another one.',
  'error.code_spent.title': 'This code is used up',
  'error.code_spent.text':
    'It has served already, or there were too many wrong tries. Get another one.',
  'error.too_many.title': 'Too many mails for now',
  'error.too_many.text':
    'So that nobody is flooded, only so many mails are sent to {email}, or from your network. Try again {wait}.',
  'error.mail_failed.title': 'The mail did not arrive',
  'error.mail_failed.text':
    'It could not be delivered to {email}. Check the address, or try again later.',
  'error.provider_exists.title': '{domain} confirms its addresses itself now',
  'error.provider_exists.text': 'It did not a moment ago. Try again, and you will be asked there.',
  'error.own_provider.title': '{domain} confirms its addresses itself',
  'error.own_provider.text':
    'Sites ask it for {email}, and nothing of it is kept here. There is nothing to add.',
  'error.blocked.title': 'This address cannot be used here',
  'error.blocked.text': 'Whoever runs {host} has shut it out. Ask them, or use another address.',

  'error.storage_blocked.title': 'This browser keeps nothing for us',
  'error.storage_blocked.text':
    'Signing in needs a place for your keys, and the settings of this browser forbid it. Allow site data for this page, and try again on the site.',
  'error.storage_full.title': 'This browser has no room left',
  'error.storage_full.text':
    'Your keys could not be kept. Clear some site data in the settings, and try again on the site.',
  'error.storage_corrupt.title': 'What was stored cannot be read',
  'error.storage_corrupt.text':
    'It was put aside. Try again on the site, with your address typed anew.',
  'error.browser_too_old.title': 'This browser is too old',
  'error.browser_too_old.text':
    'It lacks something that signing in needs. Update it, or use another one.',
  'error.internal.title': 'Something went wrong here',
  'error.internal.text':
    'This is a fault of this sign-in service, not yours. Trying again may help.',
}
