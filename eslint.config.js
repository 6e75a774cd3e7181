import tseslint from 'typescript-eslint';

// The arrows of docs/architecture.md, as lint rules. A use case imports no adapter and no other use case.
const useCases = ['migrate', 'recorder', 'moodle', 'live', 'cluster', 'doctor'];
const outside = [
  'fs',
  'child_process',
  'http',
  'https',
  'net',
  'tls',
  'dgram',
  'fs/promises',
  'sqlite',
].flatMap((m) => [m, `node:${m}`]);
const libraries = [
  'knex',
  'mysql2',
  'pg',
  'libsql',
  'execa',
  'undici',
  'puppeteer',
  'fluent-ffmpeg',
  'bullmq',
  'ioredis',
  '@oclif/core',
];
const noOutside = [...outside, ...libraries].map((name) => ({
  name,
  message: 'Only src/adapters (one door per outside system) and src/cli may import this.',
  allowTypeImports: true,
}));

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**'] },
  // Runs on whatever node Pod's worker finds, from 12 on.
  { files: ['bin/bbb-recorder/*.js'], languageOptions: { ecmaVersion: 2019, sourceType: 'commonjs' } },
  ...tseslint.configs.strictTypeChecked.map((c) => ({ ...c, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { project: './test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/adapters/**', 'src/cli/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: noOutside,
          patterns: [
            {
              group: ['**/adapters/**', '**/cli/**'],
              message: 'Arrows point one way: declare what you need as a type; src/cli wires it.',
            },
          ],
        },
      ],
    },
  },
  ...useCases.map((room) => ({
    files: [`src/${room}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: noOutside,
          patterns: [
            {
              group: ['**/adapters/**', '**/cli/**'],
              message: 'A use case declares what it needs; src/cli wires it.',
            },
            {
              group: useCases.filter((r) => r !== room).map((r) => `**/${r}/**`),
              message: 'A use case never imports another use case.',
            },
          ],
        },
      ],
    },
  })),
  {
    files: ['src/adapters/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/cli/**'], message: 'Adapters never import the CLI.' },
            {
              group: useCases.map((r) => `**/src/${r}/**`).concat(useCases.map((r) => `../../${r}/*`)),
              allowTypeImports: true,
              message: 'Adapters import only types from use cases.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
