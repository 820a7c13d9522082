import { build } from 'esbuild';

await build({
  entryPoints: ['module.js'],
  outfile: process.argv[2],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
});
