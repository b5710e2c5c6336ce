// Room for so many things and so many bytes at once; who comes when it is full waits in line. One thing always fits.

export class Room {
  countMax: number // 1: the next one enters when the one before has left
  private readonly bytesMax: number
  private count = 0
  private bytes = 0
  private readonly line: { readonly bytes: number; readonly enter: () => void }[] = []

  constructor(countMax: number, bytesMax: number) {
    this.countMax = countMax
    this.bytesMax = bytesMax
  }

  async enter(bytes: number): Promise<void> {
    if (this.line.length === 0 && this.fits(bytes)) return this.take(bytes)
    await new Promise<void>((enter) => this.line.push({ bytes, enter }))
  }

  leave(bytes: number): void {
    this.count--
    this.bytes -= bytes
    for (let first = this.line[0]; first !== undefined && this.fits(first.bytes); first = this.line[0]) {
      this.line.shift()
      this.take(first.bytes)
      first.enter()
    }
  }

  private fits(bytes: number): boolean {
    return this.count === 0 || (this.count < this.countMax && this.bytes + bytes <= this.bytesMax)
  }

  private take(bytes: number): void {
    this.count++
    this.bytes += bytes
  }
}
