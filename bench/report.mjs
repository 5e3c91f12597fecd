/** Collects the rows, judges those with a budget, and prints them. */
import { writeFileSync } from 'node:fs';

const CPU = 'cpu_ms';
const STORAGE = ['d1_round_trips', 'd1_rows_read', 'd1_rows_written', 'audit_d1_rows_written', 'r2_operations', 'upstream_requests'];
const OPEN_CPU_ROWS = 2;
const WORST = 2;

export class Report {
  rows = [];
  gaps = [];

  /** Adds one figure. A row with a budget is ok when it is within it; a figure that could not be had is null and not ok. */
  add(target, metric, value, { floor = null, budget = null } = {}) {
    const ratio = value !== null && floor > 0 ? value / floor : null;
    const ok = budget === null ? null : value !== null && value <= budget;
    this.rows.push({ target, metric, value: round(value), floor: round(floor), ratio: round(ratio), budget: round(budget), ok });
  }

  /** Notes that something could not be measured, and why. */
  gap(what, error) {
    const reason = error.message.split('\n')[0];
    this.gaps.push(`${what}: ${reason}`);
    console.error(`not measured: ${what}: ${reason}`);
  }

  /** Runs one part about our Worker; a failure there is a gap, not the end of the bench. */
  async part(what, work) {
    try {
      return await work();
    } catch (error) {
      if (process.env.BENCH_DEBUG) {
        console.error(error);
      }
      this.gap(what, error);
      return undefined;
    }
  }

  print() {
    const storage = (metric) => STORAGE.includes(metric);
    const free = (metric) => metric.startsWith('free_plan_');
    const load = (metric) => metric.includes('@');
    const of = (test) => this.rows.filter(({ metric }) => test(metric));
    section('Under load: requests/s, latency and CPU a request, by connections', loadTable(of(load)));
    section('Storage operations (an overrun is followed by its budget)', storageTable(of(storage)));
    section('Figures', rowTable(of((metric) => !load(metric) && !storage(metric) && !free(metric))));
    section('The free plan', rowTable(of(free)));
    section('Not measured', this.gaps.map((gap) => [gap]));
    console.log(`\n${this.verdict()}`);
  }

  /** At most two CPU rows over their budget, none over twice it, everything else within; the free plan's rows are not judged here. */
  verdict() {
    const judged = this.rows.filter(({ ok, metric }) => ok !== null && !metric.startsWith('free_plan_'));
    const over = judged.filter(({ ok }) => !ok);
    const cpu = over.filter(({ metric }) => metric === CPU);
    const far = cpu.filter(({ value, budget }) => value > WORST * budget);
    const held = cpu.length <= OPEN_CPU_ROWS && far.length === 0 && cpu.length === over.length;
    const word = this.gaps.length > 0 ? 'incomplete' : held ? 'budgets held' : 'budgets missed';
    const names = over.map(({ target, metric, value, budget }) => `\n  over: ${target} ${metric} ${value} > ${budget}`).join('');
    return `${word}: ${judged.length - over.length} of ${judged.length} budget rows ok; ${cpu.length} CPU rows over, ${far.length} of them over twice${names}`;
  }

  writeJson(file) {
    writeFileSync(file, `[\n${this.rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`);
  }
}

const round = (value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null);
const show = (value) => value?.toLocaleString('en', { maximumSignificantDigits: 4 }) ?? '-';

function loadTable(rows) {
  const heads = ['target', 'conn.', 'req/s', 'p50 ms', 'p99 ms', 'CPU ms', '× floor'];
  const cells = rows.flatMap(({ target, metric, value, ratio }) => {
    const [name, connections] = metric.split('@');
    const cell = { line: [target, connections], column: name, text: show(value) };
    return name === CPU ? [cell, { ...cell, column: 'ratio', text: show(ratio) }] : [cell];
  });
  return pivot(heads, ['rps', 'p50_ms', 'p99_ms', CPU, 'ratio'], cells);
}

function storageTable(rows) {
  const text = ({ value, ok, budget }) => (ok === false ? `${show(value)} > ${show(budget)}` : show(value));
  return pivot(['target', ...STORAGE], STORAGE, rows.map((row) => ({ line: [row.target], column: row.metric, text: text(row) })));
}

/** Lays cells of equal lines side by side. */
function pivot(heads, columns, cells) {
  const lines = new Map();
  for (const { line, column, text } of cells) {
    const key = line.join('\n');
    lines.set(key, { line, texts: { ...lines.get(key)?.texts, [column]: text } });
  }
  const laid = [...lines.values()].map(({ line, texts }) => [...line, ...columns.map((column) => texts[column] ?? '-')]);
  return laid.length === 0 ? [] : [heads, ...laid];
}

function rowTable(rows) {
  const mark = (ok) => (ok === null ? '' : ok ? 'ok' : 'OVER');
  const cells = (row) => [row.target, row.metric, show(row.value), show(row.floor), show(row.ratio), show(row.budget), mark(row.ok)];
  return rows.length === 0 ? [] : [['target', 'metric', 'value', 'floor', 'ratio', 'budget', ''], ...rows.map(cells)];
}

function section(title, lines) {
  if (lines.length === 0) {
    return;
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell, column) => (column === 0 || !/^[\d.,-]+$/.test(cell) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
  console.log(`\n${title}\n${lines.map((line) => `  ${line.map(pad).join('  ').trimEnd()}`).join('\n')}`);
}
