// Any text a program could hand us: every UTF-16 unit, halves of surrogate pairs among them. Plain letters come often, so that
// what is special stands between what is not.
import fc from 'fast-check'

const unit = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 1, arbitrary: fc.nat(0x1f) },
  { weight: 1, arbitrary: fc.nat(0xffff) },
  { weight: 1, arbitrary: fc.integer({ min: 0xd800, max: 0xdfff }) },
)

export const anyText = (maxLength = 20): fc.Arbitrary<string> =>
  fc.array(unit, { maxLength }).map((units) => String.fromCharCode(...units))
