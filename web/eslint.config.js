import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', '.pdfjs', 'node_modules', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    languageOptions: { globals: globals.browser },
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'max-lines': ['error', 400],
      'no-restricted-globals': ['error', { name: 'parseFloat', message: 'Amounts are exact decimals: keep them as strings.' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Taking a member out of an object names it and drops it.
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_+$', argsIgnorePattern: '^_+$' }],
    },
  },
  { files: ['dev/**/*.mjs', 'browser/**/*.mjs', 'stubs/**/*.js'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  { files: ['stubs/**/*.js'], languageOptions: { sourceType: 'commonjs' } },
);
