export async function independent(_dir: string): Promise<boolean> {
  return true
}
