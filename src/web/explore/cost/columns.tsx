// The columns that both tables of cost end with.
export function SpentColumns() {
  return (
    <>
      <th scope="col" className="wide">
        In
      </th>
      <th scope="col" className="wide">
        Cached
      </th>
      <th scope="col" className="wide">
        Out
      </th>
      <th scope="col">Cost</th>
    </>
  )
}
