import path from 'node:path';
import tseslint from 'typescript-eslint';

const products = ['migrate', 'recorder', 'moodle', 'live', 'cluster', 'doctor'];
const worlds = ['bbb-server', 'pod', 'moodle-site', 'greenlight', 'chromium'];

/**
 * The arrows of docs/architecture.md: what a room may import. `types` may be imported as types only: an adapter fulfils
 * the port that a product declares.
 */
const mayImport = {
  commands: { values: ['cli'] },
  cli: {
    values: ['cli', ...products, ...worlds, 'adapters', 'bbb', 'owners', 'kit', 'kit/adapters', 'demo'],
  },
  ...Object.fromEntries(products.map((room) => [room, { values: [room, 'bbb', 'owners', 'kit'] }])),
  ...Object.fromEntries(
    worlds.map((room) => [room, { values: [room, 'bbb', 'owners', 'kit', 'kit/adapters'], types: products }]),
  ),
  adapters: { values: ['bbb', 'kit', 'kit/adapters'] },
  owners: { values: ['owners', 'bbb', 'kit'] },
  bbb: { values: ['bbb', 'kit'] },
  kit: { values: ['kit'] },
  'kit/adapters': { values: ['kit', 'kit/adapters'] },
  demo: { values: ['demo', 'kit', 'kit/adapters', 'bbb', 'bbb-server'] },
};

/** `src/recorder/adapters/ffmpeg/x.ts` -> recorder's adapters; `src/kit/adapters/…` -> those of everybody. */
function roomOf(file) {
  const [top, room, inner] = path.relative(import.meta.dirname, file).split(path.sep);
  if (top === 'commands') return { name: 'commands', own: 'commands' };
  if (top !== 'src') return null;
  if (inner === 'adapters')
    return room === 'kit' ? { name: 'kit/adapters', own: 'kit' } : { name: 'adapters', own: room };
  return { name: room, own: room };
}

const arrows = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = roomOf(context.filename);
    if (from === null || mayImport[from.name] === undefined) return {};
    const { values, types = [] } = mayImport[from.name];
    const look = (node, specifier, typeOnly) => {
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const to = roomOf(path.resolve(path.dirname(context.filename), specifier));
      if (to === null || (to.name === from.name && to.own === from.own)) return;
      const own = from.name === 'adapters' && to.own === from.own;
      const fits = own || values.includes(to.name) || (typeOnly && types.includes(to.name));
      if (!fits)
        context.report({
          node,
          message: `${from.own} (${from.name}) may not import ${to.own} (${to.name}): docs/architecture.md.`,
        });
    };
    return {
      ImportDeclaration: (node) =>
        look(
          node,
          node.source.value,
          node.importKind === 'type' ||
            (node.specifiers.length > 0 && node.specifiers.every((s) => s.importKind === 'type')),
        ),
      ExportNamedDeclaration: (node) => look(node, node.source?.value, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => look(node, node.source.value, node.exportKind === 'type'),
      ImportExpression: (node) => look(node, node.source.value, false),
    };
  },
};

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
];
const noOutside = [...outside, ...libraries].map((name) => ({
  name,
  message: 'Only adapters and the outside worlds may import this.',
  allowTypeImports: true,
}));
const noCommandLine = { name: '@oclif/core', message: 'Only commands and src/cli.', allowTypeImports: true };

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
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'commands/**/*.ts'],
    plugins: { house: { rules: { arrows } } },
    rules: { 'house/arrows': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/*/adapters/**', 'src/cli/**', ...worlds.map((room) => `src/${room}/**`)],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [...noOutside, noCommandLine] }],
    },
  },
  {
    files: ['src/cli/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: noOutside }] },
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
