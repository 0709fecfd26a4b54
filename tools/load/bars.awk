# Draws the results of tools/bench as SVG: for each row how many times better covend is than Prosody
# and ejabberd, on a logarithmic scale; left of the line at 1 it is worse. Each line of the results
# has, separated by tabs, text, unit, "more" or "less" (what is better), and COLUMN=VALUE for each
# column.
BEGIN {
    FS = "\t"
    split("prosody ejabberd", servers, " ")
    colour["prosody"] = "#1f6feb"; name["prosody"] = "Prosody"
    colour["ejabberd"] = "#cf222e"; name["ejabberd"] = "ejabberd"
    least = 0; most = 1
}

{
    delete value
    for (i = 4; i <= NF; i++)
        if (split($i, pair, "=") == 2 && pair[2] + 0 > 0) value[pair[1]] = pair[2]
    if (!("covend" in value) || !("prosody" in value || "ejabberd" in value) || $1 ~ /^ /)
        next
    words[++rows] = $1 ($3 == "less" ? " (less is better)" : "")
    for (i in servers) {
        if (!(servers[i] in value)) continue
        times = value["covend"] / value[servers[i]]
        if ($3 == "less") times = 1 / times
        better[rows, servers[i]] = times
        while (times > 10 ^ most) most++
        while (times < 10 ^ least) least--
    }
}

function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    return text
}

function at(times) { return left + inner * (log(times) / log(10) - least) / (most - least) }

function bar(y, times, server,    from, to) {
    from = at(1); to = at(times)
    if (from > to) { from = at(times); to = at(1) }
    printf "<rect x='%.1f' y='%d' width='%.1f' height='10' fill='%s'/>\n", from, y,
           (to - from < 1 ? 1 : to - from), colour[server]
    printf "<text x='%.1f' y='%d' font-size='10'>%s</text>\n", to + 4, y + 9,
           sprintf(times < 10 ? "%.2g" : "%.0f", times)
}

END {
    left = 300; inner = 500; top = 70; each = 32
    height = top + rows * each + 20
    printf "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>\n", left + inner + 60, height
    print "<rect width='100%' height='100%' fill='white'/>"
    print "<text x='10' y='22' font-size='15'>How many times better covend is than</text>"
    for (i = 1; i <= 2; i++)
        printf "<rect x='%d' y='12' width='10' height='10' fill='%s'/><text x='%d' y='22'>%s</text>\n",
               240 + 100 * i, colour[servers[i]], 255 + 100 * i, name[servers[i]]
    for (power = least; power <= most; power++) {
        printf "<path d='M%.1f %dV%d' stroke='%s'/>\n", at(10 ^ power), top - 10, height - 20,
               power == 0 ? "#24292f" : "#d0d7de"
        printf "<text x='%.1f' y='%d' text-anchor='middle'>%g</text>\n", at(10 ^ power), top - 15,
               10 ^ power
    }
    for (row = 1; row <= rows; row++) {
        y = top + (row - 1) * each
        printf "<text x='%d' y='%d' text-anchor='end'>%s</text>\n", left - 10, y + 15,
               escaped(words[row])
        for (i = 1; i <= 2; i++)
            if ((row, servers[i]) in better) bar(y + 12 * (i - 1), better[row, servers[i]], servers[i])
    }
    print "</svg>"
}
