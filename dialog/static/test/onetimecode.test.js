// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findCode } from '../onetimecode.js'

test('a code is found however it was typed or pasted', () => {
  const forms = [
    '123456',
    ' 123456\n',
    '123 456',
    '123-456',
    '123\u2013456',
    '123\u00a0456',
    '12 34 56',
    '1 2 3 4 5 6',
    '123.456',
    '\u200e123456',
    'Your code: 123456',
    'Your code is 123 456, good until 14:30 on 22 November 2026.',
    '> 123-456 is the code for login.example',
    '\u202a123\u202c456',
    '\uff11\uff12\uff13\uff14\uff15\uff16',
    '\u0661\u0662\u0663\u0664\u0665\u0666',
    '\u06f1\u06f2\u06f3 \u06f4\u06f5\u06f6',
    '\u0967\u0968\u0969\u096a\u096b\u096c',
    'the code 123456 (123 456)',
  ]
  for (const form of forms) assert.equal(findCode(form), '123456', form)
})

test('where it could be one of several, or of something else, there is none', () => {
  const others = [
    '',
    '12345',
    '1234567',
    'abc123456',
    'code 123456 or 654321',
    'call 123 456 789',
    '123456789012',
    'x'.repeat(1100) + ' 123456',
  ]
  for (const other of others) assert.equal(findCode(other), undefined, other)
})

test('zeros count', () => assert.equal(findCode('000 012'), '000012'))
