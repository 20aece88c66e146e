// The grid of models, on AG Grid. Whatever comes from the catalog becomes text of an element, never HTML.
import * as AgGrid from "nicegui-aggrid";

const UNKNOWN = "-";
const WIDE = 900;

const NONE = "No model has all that is asked.";
const CHANGED = "The catalog has changed meanwhile: reload the page.";
const UNREADABLE = "The catalog could not be read: does `llmhub ui` still run? Then reload the page.";

function dollars(value) {
  if (value === 0) return "0.00";
  const digits = value < 0.01 ? 6 : value < 1 ? 4 : 2;
  const [whole, part] = value.toFixed(digits).split(".");
  return `${Number(whole).toLocaleString("en-US")}.${part.replace(/0+$/, "").padEnd(2, "0")}`;
}

const WRITTEN = {
  text: (value) => value,
  words: (value) => value,
  date: (value) => value,
  tier: (value) => String(value),
  number: (value) => value.toLocaleString("en-US"),
  score: (value) => value[0].toFixed(0),
  dollars,
};

function span(text, name) {
  const element = document.createElement("span");
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

const DRAWN = {
  id: ({ value }) => {
    const cell = document.createElement("span");
    const colon = value.indexOf(":");
    cell.append(span(value.slice(0, colon + 1), "cell-provider"), value.slice(colon + 1));
    return cell;
  },
  score: ({ data }) => {
    if (data.score === null) return span(UNKNOWN);
    const cell = document.createElement("span");
    const interval = data.score.length > 1 ? `±${data.score[1].toFixed(0)}` : "";
    cell.append(span(data.score[0].toFixed(0)), span(interval, "cell-interval"));
    return cell;
  },
};

function compared(one, other) {
  if (typeof one === "string") return one.localeCompare(other, "en", { numeric: true });
  return one - other;
}

// What is unknown stands last, whichever way the grid is sorted.
function unknownLast(one, other, _, __, descending) {
  if (one === null || other === null) {
    if (one === other) return 0;
    return (one === null) === !descending ? 1 : -1;
  }
  return compared(one, other);
}

export default {
  template: "<div class='model-grid'></div>",
  props: { columns: Array, source: String, passing: Array, sorted: String },
  async mounted() {
    AgGrid.ModuleRegistry.registerModules([AgGrid.AllCommunityModule]);
    this.admitted = this.passing ? new Set(this.passing) : null;
    this.api = AgGrid.createGrid(this.$el, this.options());
    document.addEventListener("keydown", this.search);
    const response = await fetch(this.source).catch(() => ({ ok: false }));
    if (!response.ok) {
      this.empty = response.status === 409 ? CHANGED : UNREADABLE;
      this.api.setGridOption("loading", false);
      this.tellIfEmpty();
      return;
    }
    const { names, rows } = await response.json();
    const data = rows.map((values, place) => {
      const row = { place };
      names.forEach((name, column) => (row[name] = values[column]));
      return row;
    });
    this.api.setGridOption("rowData", data);
    this.api.setGridOption("loading", false);
    this.tellIfEmpty();
    requestAnimationFrame(() => performance.mark("catalog-shown"));
  },
  unmounted() {
    document.removeEventListener("keydown", this.search);
    this.api?.destroy();
  },
  methods: {
    search(event) {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault(); // Firefox searches the page for it
      document.querySelector(".search input").focus();
    },
    options() {
      const colours = {
        accentColor: "var(--accent)",
        backgroundColor: "var(--surface)",
        foregroundColor: "var(--ink)",
        borderColor: "var(--line)",
        headerBackgroundColor: "var(--raised)",
        headerTextColor: "var(--muted)",
        rowHoverColor: "var(--raised)",
        oddRowBackgroundColor: "var(--surface)",
        selectedRowBackgroundColor: "var(--accent-soft)",
        fontFamily: "inherit",
        fontSize: 13.5,
        headerFontSize: 12.5,
        headerFontWeight: 550,
        wrapperBorderRadius: 8,
        columnBorder: false,
        spacing: 6,
      };
      return {
        theme: AgGrid.themeQuartz.withParams(colours),
        columnDefs: this.columns.map((column) => this.column(column)),
        defaultColDef: { sortable: true, resizable: true, suppressHeaderMenuButton: true },
        getRowId: ({ data }) => data.id,
        loading: true,
        overlayNoRowsTemplate: `<span>${NONE}</span>`,
        overlayLoadingTemplate: "<span>Reading the catalog…</span>",
        rowHeight: 34,
        headerHeight: 36,
        animateRows: false,
        rowBuffer: 4,
        suppressDragLeaveHidesColumns: true,
        ensureDomOrder: true,
        rowSelection: { mode: "multiRow", checkboxes: true, headerCheckbox: false, enableClickSelection: false },
        selectionColumnDef: { width: 44, minWidth: 44, pinned: window.innerWidth >= WIDE ? "left" : null },
        rowClassRules: { "row-past": ({ data }) => data.status === "deprecated" || data.status === "retired" },
        isExternalFilterPresent: () => this.admitted !== null,
        doesExternalFilterPass: ({ data }) => this.admitted.has(data.place),
        onCellClicked: ({ column, data }) => {
          if (column.getColDef().headerName !== "") this.$emit("pick", data.id);
        },
        onCellKeyDown: ({ event, data, column }) => {
          if (event.key === "Enter" && column.getColDef().headerName !== "") this.$emit("pick", data.id);
        },
        onSortChanged: () => {
          const by = this.api.getColumnState().find((column) => column.sort);
          this.$emit("sorted", by ? `${by.sort === "desc" ? "-" : ""}${by.colId}` : "");
        },
        onSelectionChanged: () => {
          const ids = this.api.getSelectedRows().map((row) => row.id);
          this.$emit("mark", ids);
        },
      };
    },
    column({ name, title, kind, shown, width, explanation }) {
      const numeric = ["number", "dollars", "score", "tier"].includes(kind);
      const first = name === "id";
      const wide = window.innerWidth >= WIDE;
      return {
        colId: name,
        headerName: title,
        headerTooltip: explanation || undefined,
        width: first && !wide ? 216 : width,
        flex: name === "tags" ? 1 : undefined,
        minWidth: name === "tags" ? 180 : 64,
        initialSort: name === this.sorted.replace("-", "") ? (this.sorted.startsWith("-") ? "desc" : "asc") : null,
        pinned: first && wide ? "left" : null,
        hide: !shown,
        lockVisible: true,
        type: numeric ? "rightAligned" : undefined,
        cellClass: numeric ? ["ag-right-aligned-cell", "cell-number"] : undefined,
        sortingOrder: numeric && kind !== "tier" && name !== "price" ? ["desc", "asc", null] : ["asc", "desc", null],
        comparator: unknownLast,
        valueGetter: ({ data }) => (kind === "score" && data[name] !== null ? data[name][0] : data[name]),
        valueFormatter: ({ value, data }) => {
          if (value !== null && value !== undefined) return WRITTEN[kind](kind === "score" ? [value] : value);
          return kind === "dollars" && data.state === "included" ? "in a plan" : UNKNOWN;
        },
        cellRenderer: DRAWN[name],
      };
    },
    show(passing) {
      this.admitted = passing ? new Set(passing) : null;
      this.api.onFilterChanged();
      this.tellIfEmpty();
      requestAnimationFrame(() => performance.mark("catalog-filtered"));
    },
    // The grid itself takes a table whose every row is filtered out for one that is not empty.
    tellIfEmpty() {
      if (this.empty) this.api.setGridOption("overlayNoRowsTemplate", `<span>${this.empty}</span>`);
      if (this.api.getDisplayedRowCount() === 0) this.api.showNoRowsOverlay();
      else this.api.hideOverlay();
    },
    show_column(name, visible) {
      this.api.setColumnsVisible([name], visible);
    },
  },
};
