// Run from the repository's root, `eslint -c shim/eslint.config.mjs .`, this covers the dialog too.
import js from '@eslint/js'
import globals from 'globals'

export default [
  { ignores: ['**/node_modules/', '**/dist/', '**/*.ts'] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'module', globals: globals.browser },
  },
  {
    // The scripts for other people's pages are classic ones.
    files: ['**/{agent,provisioning_api,authentication_api}.js'],
    languageOptions: { sourceType: 'script' },
  },
  {
    files: ['**/*.mjs', '**/*.test.js'],
    languageOptions: { sourceType: 'module', globals: globals.node },
  },
]
