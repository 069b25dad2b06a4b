using System.Globalization;
using System.Net;
using System.Text;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>
/// The elements of a drawing. Colours come from the page's style, or from its own where it stands alone, so that light and dark are one
/// drawing.
/// </summary>
/// <param name="style">Rules of a drawing that stands alone; it then has a ground, of the class "ground".</param>
internal sealed class SvgDrawing(int width, int height, string title, string? style = null)
{
    private readonly StringBuilder body = new();

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        body.Append(
            CultureInfo.InvariantCulture, $"<line class=\"{style}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>\n");

    public void Rectangle(double x, double y, double w, double h, string style, string tip) =>
        body.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{w:0.#}\" "
                + $"height=\"{h:0.#}\"><title>{WebUtility.HtmlEncode(tip)}</title></rect>\n");

    public void Dot(double x, double y, string style, string tip) =>
        body.Append(
            CultureInfo.InvariantCulture,
            $"<circle class=\"{style}\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\"><title>{WebUtility.HtmlEncode(tip)}</title></circle>\n");

    public void Curve(IEnumerable<(double X, double Y)> points, string style) =>
        body.Append("<polyline class=\"").Append(style).Append("\" points=\"")
            .AppendJoin(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}"))).Append("\"/>\n");

    /// <param name="anchor">Which part of the text stands at x: start, middle or end.</param>
    public void Text(double x, double y, string text, string anchor = "start", string style = "") =>
        body.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(text)}</text>\n");

    /// <summary>A text that goes upwards from its place.</summary>
    public void TextUp(double x, double y, string text, string style = "") =>
        body.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" transform=\"rotate(-90 {x:0.#} "
                + $"{y:0.#})\">{WebUtility.HtmlEncode(text)}</text>\n");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\" width=\"{width}\" "
            + $"height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n{Ground}{body}</svg>");

    private string Ground => style is null ? "" : $"<style>\n{style}\n</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n";
}
