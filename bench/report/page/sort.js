/* Sorts a table when the user clicks the title of a column. */
'use strict';
(() => {
  /** The figure of a cell, its text if it is none, or `undefined` if it is missing. */
  function valueOf(cell) {
    const { value } = cell.dataset;
    if (value === undefined) return cell.textContent;
    return value === '' ? undefined : Number(value);
  }

  const compare = (one, other) =>
    typeof one === 'number' && typeof other === 'number'
      ? one - other
      : String(one).localeCompare(String(other));

  /** Rows without a figure come last, in either direction. */
  function sortBy(heading) {
    const body = heading.closest('table').tBodies[0];
    const isAscending = heading.getAttribute('aria-sort') !== 'ascending';
    for (const other of heading.parentElement.cells) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', isAscending ? 'ascending' : 'descending');
    const order = (a, b) => {
      const [one, other] = [a, b].map((row) => valueOf(row.cells[heading.cellIndex]));
      if (one === undefined || other === undefined)
        return (one === undefined) - (other === undefined);
      return compare(one, other) * (isAscending ? 1 : -1);
    };
    body.append(...[...body.rows].toSorted(order));
  }

  globalThis.makeSortable = () => {
    for (const button of document.querySelectorAll('thead button'))
      button.addEventListener('click', () => sortBy(button.closest('th')));
  };
})();
