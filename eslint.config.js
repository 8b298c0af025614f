import tseslint from 'typescript-eslint'
import importX from 'eslint-plugin-import-x'

const PURE_ROOMS = [
  'server/contract/**/*.ts',
  'server/brain/domain/**/*.ts',
  'server/brain/ports/**/*.ts',
  'server/brain/runs/**/*.ts',
  'server/brain/missions/**/*.ts',
  'server/brain/questions/**/*.ts',
  'server/brain/matching/**/*.ts',
  'server/brain/knowledge/**/*.ts',
  'server/brain/decisions/**/*.ts',
  'server/brain/undo/**/*.ts',
  'server/brain/triggers/**/*.ts',
  'server/brain/replay/**/*.ts',
  'server/brain/erasure/**/*.ts',
]

export default tseslint.config(
  { ignores: ['node_modules', '.data', '.cache', 'coverage', 'force-app/main/default/lwc/**/*.js', 'docs'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.js', '.json'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.js', '.json'] })],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      // A docstring has `Throws X when …` as a sentence.
      'no-warning-comments': ['error', { terms: ['@throws'], location: 'anywhere' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ObjectExpression > SpreadElement > ObjectExpression',
          message: 'Write the properties themselves: a literal is spread only to outwit the formatter.',
        },
      ],
    },
  },
  {
    files: ['server/practice-org/src/**/*.ts', 'server/practice/**/*.ts'],
    ignores: ['server/practice-org/src/page/client/**'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'error' },
  },
  {
    // Time, randomness, locale and the environment are handed in, or a replay would not repeat the run.
    files: PURE_ROOMS,
    // What the zone data of the runtime say is never replayed.
    ignores: ['server/contract/commit-times/local-time.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'Intl', 'process', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is handed in.' },
        { property: 'localeCompare', message: 'Order must not depend on the machine.' },
        { property: 'toLocaleString', message: 'Text must not depend on the machine.' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable', require: 'readonly' } },
  },
)
