import { describe, expect, it } from 'vitest';
import { pathParameters, pathSegments, pathShape } from './path-shape.ts';

describe('pathShape', () => {
  it.each([
    ['/', '/', [], []],
    ['/contacts', '/contacts', ['contacts'], []],
    ['/contacts/:id', '/contacts/:', ['contacts', ':id'], ['id']],
    ['/a/:x/b/:y', '/a/:/b/:', ['a', ':x', 'b', ':y'], ['x', 'y']],
    ['contacts', '/contacts', ['contacts'], []],
    ['', '/', [], []],
    ['//', '//', ['', ''], []],
    ['/contacts/', '/contacts/', ['contacts', ''], []],
  ])('of %j is %j', (path, shape, segments, parameters) => {
    expect(pathShape(path)).toBe(shape);
    expect(pathSegments(path)).toEqual(segments);
    expect(pathParameters(path)).toEqual(parameters);
  });
});
