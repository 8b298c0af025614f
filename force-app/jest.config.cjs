// Runs the component tests: `jest --config force-app/jest.config.cjs` from the repository root.
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config')

module.exports = {
  ...jestConfig,
  testMatch: ['<rootDir>/force-app/main/default/lwc/**/__tests__/*.test.ts', '<rootDir>/force-app/test/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/.data'],
  roots: ['<rootDir>/force-app'],
  setupFiles: [
    ...(jestConfig.setupFiles ?? []),
    '<rootDir>/force-app/test/browser.cjs',
    '<rootDir>/force-app/test/labels.cjs',
  ],
  // jsdom cannot read container queries; styles are looked at in a real browser.
  moduleNameMapper: { '\\.css(\\?.*)?$': require.resolve('@lwc/jest-resolver/resources/emptyStyleMock.js') },
  // Packages that are modules only, which the server's code imports: some tests ask it what it would answer.
  transformIgnorePatterns: [
    '/node_modules/(?!(canonicalize|unicode-segmenter|@lwc/state)/|.*sfdx-lwc-jest/src/lightning-stubs)',
  ],
  maxWorkers: 2,
}
