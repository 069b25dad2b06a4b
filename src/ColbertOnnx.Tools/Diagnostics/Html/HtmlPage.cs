using System.Net;
using System.Text;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>
/// One page of HTML in one file: headings, paragraphs, tables and drawings, in light and dark, with nothing from the network.
/// </summary>
/// <param name="style">Rules of this page's own.</param>
internal sealed class HtmlPage(string title, string style = "")
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --c0: #0063a8; --c1: #c2500a; --c2: #00795a; --c3: #a3488a; --c4: #8a6100; --c5: #2a7fb0; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14181d; --ink: #e6edf3; --soft: #9aa6b2; --line: #3a434d; --c0: #58b0f0; --c1: #ff9b5e; --c2: #4fd0a5; --c3: #e59ad0; --c4: #e3b341; --c5: #8fd0ff; } }
        body { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } p { color: var(--soft); }
        .wide { overflow-x: auto; } table { border-collapse: collapse; } caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
        th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } td.long { white-space: normal; overflow-wrap: anywhere; min-width: 18rem; }
        .drawings { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; } svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .soft { fill: var(--soft); }
        svg .axis { stroke: var(--soft); } svg .grid { stroke: var(--line); } svg .mark { stroke: var(--ink); stroke-dasharray: 4 3; }
        .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); } .c4 { --c: var(--c4); } .c5 { --c: var(--c5); }
        svg .curve { fill: none; stroke: var(--c); stroke-width: 2; } svg .fill { fill: var(--c); }
        """;

    // Sentences may break, so that the columns behind them stay in sight.
    private const int LongCell = 40;

    private readonly StringBuilder body = new();

    public void Heading(string text) => body.Append("<h2>").Append(WebUtility.HtmlEncode(text)).Append("</h2>\n");

    public void Paragraph(string text) => body.Append("<p>").Append(WebUtility.HtmlEncode(text)).Append("</p>\n");

    /// <summary>Markup as it is: what comes from people must be escaped in it.</summary>
    public void Raw(string markup) => body.Append(markup);

    /// <summary>The first columns hold words, those from <paramref name="firstNumber"/> on numbers.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, int firstNumber, string? caption = null)
    {
        body.Append("<div class=\"wide\"><table>\n");
        if (caption is not null) body.Append("<caption>").Append(WebUtility.HtmlEncode(caption)).Append("</caption>\n");
        body.Append("<thead>");
        Row("th", header, firstNumber);
        body.Append("</thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows) Row("td", row, firstNumber);
        body.Append("</tbody></table></div>\n");
    }

    /// <summary>Drawings side by side where there is room.</summary>
    public void Drawings(IEnumerable<string> svg)
    {
        body.Append("<div class=\"drawings\">\n");
        foreach (string drawing in svg) body.Append("<figure>").Append(drawing).Append("</figure>\n");
        body.Append("</div>\n");
    }

    public override string ToString() =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>
        {Style}
        {style}
        </style>
        </head>
        <body>
        <h1>{WebUtility.HtmlEncode(title)}</h1>
        {body}</body>
        </html>

        """;

    private void Row(string cell, IReadOnlyList<string> values, int firstNumber)
    {
        body.Append("<tr>");
        for (int i = 0; i < values.Count; i++)
            body.Append('<').Append(cell)
                .Append(i >= firstNumber ? " class=\"number\">" : values[i].Length > LongCell ? " class=\"long\">" : ">")
                .Append(WebUtility.HtmlEncode(values[i])).Append("</").Append(cell).Append('>');
        body.Append("</tr>\n");
    }
}
