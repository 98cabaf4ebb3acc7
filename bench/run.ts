/** `make bench`: prints medians, and ratios with peers measured in the same run. Asserts nothing. */
import { benchmarkCompiler } from './compiler.ts';
import { benchmarkGateway } from './gateway.ts';

console.log(await benchmarkCompiler());
console.log(await benchmarkGateway());
