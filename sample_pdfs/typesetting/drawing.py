r"""The "! " lines of a figure in, TikZ out: charts and diagrams with words and numbers inside.

! plot X LABEL | Y LABEL            then  ! line NAME: x,y x,y ...   or  ! points NAME: x,y ...
! bars Y LABEL                      then  ! bar NAME: value
! flow FIRST > SECOND > THIRD       boxes from left to right; a second flow line is a second row
! heat COLUMN COLUMN ...            then  ! row NAME: value value ...   (values from 0 to 1)
! graph                             then  ! node ID x y TEXT   and  ! edge ID ID TEXT
"""

from collections.abc import Callable

from sample_pdfs.typesetting.escape import escape

Draw = Callable[[list[str], float], str]
SHADES = ("black", "black!55", "black!75", "black!35")
DASHES = ("solid", "dashed", "dotted", "dash dot")


def draw(lines: tuple[str, ...], width: float) -> str:
    """Give a tikzpicture.

    Args:
        lines: The drawing lines, without "! ". Not empty.
        width: Room in centimetres.

    Returns:
        TeX, at most `width` wide.

    Raises:
        ValueError: The first line names no drawing.
    """
    kinds: dict[str, Draw] = {"plot": _plot, "bars": _bars, "flow": _flow, "heat": _heat, "graph": _graph}
    kind = lines[0].split()[0] if lines else ""
    if kind not in kinds:
        raise ValueError(f"no such drawing: {kind!r} (one of {', '.join(kinds)})")
    inside = kinds[kind](list(lines), width)
    return f"\\begin{{tikzpicture}}[font=\\footnotesize]\n{inside}\n\\end{{tikzpicture}}"


def _named(line: str) -> tuple[str, str]:
    name, _, values = line.rpartition(":")
    return name.split(maxsplit=1)[1].strip(), values


def _ticks(low: float, high: float) -> list[float]:
    """Give three to six round numbers within [low, high]."""
    step = 10.0 ** len(str(int(high - low)))
    while (high - low) / step < 3:
        step = step / 2 if f"{step:e}"[0] in "12" else step / 2.5
        step = float(f"{step:.3g}")
    first = int(low / step) * step
    ticks = [round(first + at * step, 8) for at in range(12)]
    return [tick for tick in ticks if low - 1e-9 <= tick <= high + 1e-9]


def _plot(lines: list[str], width: float) -> str:
    across, _, up = lines[0].removeprefix("plot").partition("|")
    series = []
    for line in lines[1:]:
        name, values = _named(line)
        points = [tuple(map(float, pair.split(","))) for pair in values.split()]
        series.append((line.split()[0], name, points))
    xs = [x for _, _, points in series for x, _ in points]
    ys = [y for _, _, points in series for _, y in points]
    margin = (max(ys) - min(ys)) * 0.08 or 1.0
    x_low, x_high, y_low, y_high = min(xs), max(xs), min(ys) - margin, max(ys) + margin
    room, height = width - 1.5, min(4.0, width * 0.55)
    curves = [[((x - x_low) / (x_high - x_low), (y - y_low) / (y_high - y_low)) for x, y in points]
              for _, _, points in series]  # fmt: skip
    at_left, at_top = _free_corner(curves, 0.38 * len(series) / height)

    def place(x: float, y: float) -> str:
        return f"({(x - x_low) / (x_high - x_low) * room:.2f},{(y - y_low) / (y_high - y_low) * height:.2f})"

    out = [f"\\draw (0,0) rectangle ({room:.2f},{height:.2f});"]
    for x in _ticks(x_low, x_high):
        out.append(f"\\draw {place(x, y_low)} -- ++(0,-0.1) node[below] {{{x:g}}};")
    for y in _ticks(y_low, y_high):
        out.append(f"\\draw {place(x_low, y)} -- ++(-0.1,0) node[left] {{{y:g}}};")
    out.append(f"\\node[below] at ({room / 2:.2f},-0.5) {{{escape(across.strip())}}};")
    out.append(f"\\node[rotate=90] at (-1.0,{height / 2:.2f}) {{{escape(up.strip())}}};")
    for at, (kind, name, points) in enumerate(series):
        shade, dash = SHADES[at % 4], DASHES[at % 4]
        if kind == "line":
            path = " -- ".join(place(x, y) for x, y in points)
            out.append(f"\\draw[thick,{shade},{dash}] {path};")
        else:
            out += [f"\\fill[{shade}] {place(x, y)} circle (1.4pt);" for x, y in points]
        label_y = (height - 0.3 if at_top else 0.38 * len(series) - 0.13) - 0.38 * at
        mark_x, name_x, side = (0.2, 0.8, "right") if at_left else (room - 0.75, room - 0.8, "left")
        mark = (
            f"\\draw[thick,{shade},{dash}] ({mark_x:.2f},{label_y:.2f}) -- ++(0.55,0);"
            if kind == "line"
            else f"\\fill[{shade}] ({mark_x + 0.3:.2f},{label_y:.2f}) circle (1.4pt);"
        )
        out.append(f"{mark}\\node[{side}] at ({name_x:.2f},{label_y:.2f}) {{{escape(name)}}};")
    return "\n".join(out)


def _free_corner(curves: list[list[tuple[float, float]]], tall: float) -> tuple[bool, bool]:
    """Give (at the left, at the top) of the corner that the fewest points of the curves touch.

    Coordinates are shares of the plot's sides; `tall` is the share that the names need.
    """
    dense = [
        (x0 + (x1 - x0) * step / 20, y0 + (y1 - y0) * step / 20)
        for curve in curves
        for (x0, y0), (x1, y1) in zip(curve, curve[1:] or curve, strict=False)
        for step in range(21)
    ]

    def touched(corner: tuple[bool, bool]) -> int:
        left, top = corner
        return sum(
            (x < 0.5 if left else x > 0.5) and (y > 1 - tall - 0.12 if top else y < tall + 0.12)
            for x, y in dense
        )

    return min(((False, True), (True, True), (False, False), (True, False)), key=touched)


def _bars(lines: list[str], width: float) -> str:
    bars = [(name, float(value)) for name, value in map(_named, lines[1:])]
    top, height, room = max(value for _, value in bars) * 1.1, 3.2, width - 1.5
    slot = room / len(bars)
    out = [f"\\draw (0,{height}) -- (0,0) -- ({room:.2f},0);"]
    for y in _ticks(0, top):
        out.append(f"\\draw (0,{y / top * height:.2f}) -- ++(-0.1,0) node[left] {{{y:g}}};")
    for at, (name, value) in enumerate(bars):
        middle, half = (at + 0.5) * slot, slot * 0.3
        tall = value / top * height
        corners = f"({middle - half:.2f},0) rectangle ({middle + half:.2f},{tall:.2f})"
        out.append(f"\\filldraw[fill=black!{20 + 15 * (at % 3)}] {corners};")
        out.append(f"\\node[above] at ({middle:.2f},{tall:.2f}) {{{value:g}}};")
        style = f"below,align=center,text width={slot * 0.95:.2f}cm"
        out.append(f"\\node[{style}] at ({middle:.2f},0) {{{escape(name)}}};")
    title = lines[0].removeprefix("bars").strip()
    out.append(f"\\node[rotate=90] at (-1.0,{height / 2:.2f}) {{{escape(title)}}};")
    return "\n".join(out)


def _flow(lines: list[str], width: float) -> str:
    out = []
    for row, line in enumerate(lines):
        boxes = [box.strip() for box in line.removeprefix("flow").split(">")]
        slot = width / len(boxes)
        for at, box in enumerate(boxes):
            name, x = f"n{row}x{at}", (at + 0.5) * slot
            style = f"draw,rounded corners=2pt,align=center,text width={slot - 0.75:.2f}cm,inner sep=2.5pt"
            out.append(
                f"\\node[{style}] ({name}) at ({x:.2f},{-1.35 * row:.2f}) {{\\scriptsize {escape(box)}}};"
            )
            if at:
                out.append(f"\\draw[->] (n{row}x{at - 1}) -- ({name});")
    return "\n".join(out)


def _heat(lines: list[str], width: float) -> str:
    columns = lines[0].split()[1:]
    side = min(0.95, (width - 2.2) / len(columns))
    out = [
        f"\\node[rotate=35,anchor=south west,inner sep=1pt] at ({(at + 0.3) * side:.2f},0.05)"
        f" {{{escape(column)}}};"
        for at, column in enumerate(columns)
    ]
    for row, (name, values) in enumerate(map(_named, lines[1:])):
        y = -(row + 1) * side * 0.7
        out.append(f"\\node[left] at (0,{y + side * 0.35:.2f}) {{{escape(name)}}};")
        for at, value in enumerate(map(float, values.split())):
            ink = "white" if value > 0.55 else "black"
            out.append(
                f"\\fill[black!{round(value * 85)}] ({at * side:.2f},{y:.2f})"
                f" rectangle ++({side:.2f},{side * 0.7:.2f});"
                f"\\node[{ink}] at ({(at + 0.5) * side:.2f},{y + side * 0.35:.2f})"
                f" {{\\scriptsize {value:.2f}}};"
            )
    return "\n".join(out)


def _graph(lines: list[str], width: float) -> str:
    out = []
    nodes = [line.split(maxsplit=4) for line in lines[1:] if line.startswith("node")]
    reach = max(float(x) for _, _, x, _, _ in nodes) or 1.0
    scale = min(1.0, (width - 1.6) / reach)
    for _, name, x, y, text in nodes:
        box = f"draw,rounded corners=2pt,inner sep=3pt] ({name}"
        out.append(f"\\node[{box}) at ({float(x) * scale:.2f},{y}) {{{escape(text)}}};")
    for line in lines[1:]:
        if line.startswith("edge"):
            _, start, end, *words = line.split(maxsplit=3)
            style = "midway,fill=white,inner sep=1pt"
            label = "".join(f" node[{style}] {{\\scriptsize {escape(word)}}}" for word in words)
            out.append(f"\\draw[->] ({start}) --{label} ({end});")
    return "\n".join(out)
