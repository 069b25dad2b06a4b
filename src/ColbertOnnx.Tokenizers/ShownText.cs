using System.Buffers;
using System.Globalization;
using System.Text;

namespace ColbertOnnx;

/// <summary>
/// The one way from texts of files, models and servers to people's eyes. What would steer a terminal or turn the order of letters is shown
/// as <c>\u001b</c>, tabs and line breaks are blanks, and what is long is cut. Data (JSON, embedding files) never goes through here. The
/// message of a <see cref="ColbertException"/> has been through it.
/// </summary>
public static class ShownText
{
    /// <summary>What is shown of one value.</summary>
    public const int MostOfValue = 200;

    /// <summary>What is shown of one message; of a longer one the beginning and the end.</summary>
    public const int MostOfMessage = 1000;

    // Controls, marks and overrides of direction, separators of lines and paragraphs, and all surrogates, of which pairs are let through.
    private static readonly SearchValues<char> Watched = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat(Enumerable.Range(0x2028, 7))
            .Concat(Enumerable.Range(0x2066, 4))
            .Concat([0x061C, 0x200E, 0x200F]).Concat(Enumerable.Range(0xD800, 0x800)).Select(c => (char)c),
    ]);

    /// <summary>A value in one line, cut where it is longer.</summary>
    /// <param name="text">The value; null is shown as nothing.</param>
    /// <param name="most">Most characters of the result (UTF-16 units).</param>
    public static string Of(string? text, int most = MostOfValue) => text is null ? "" : Escape(text, ' ', most);

    /// <summary>A value in one line, all of it.</summary>
    public static string Whole(string? text) => text is null ? "" : Escape(text, ' ', int.MaxValue);

    /// <summary>As <see cref="Whole"/>, but lines stay lines.</summary>
    public static string Lines(string text) => Escape(text, '\n', int.MaxValue);

    /// <summary>A count and what is counted: "1 text", "2 texts".</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one is called.</param>
    /// <param name="many">What others are called; null: the same with an s.</param>
    /// <param name="format">Of the count, as <see cref="long.ToString(string)"/> takes it, in the invariant culture.</param>
    public static string Count(long count, string one, string? many = null, string? format = null) =>
        $"{count.ToString(format, CultureInfo.InvariantCulture)} {(count == 1 ? one : many ?? $"{one}s")}";

    /// <summary>The first three of a list: "a, b, c, …".</summary>
    internal static string First(string[] items) => $"{string.Join(", ", items.Take(3))}{(items.Length > 3 ? ", …" : "")}";

    /// <summary>
    /// A message in one line: of long values in quotes the beginning and the end, and so of all that is too long all the same.
    /// </summary>
    public static string Message(string text)
    {
        text = Whole(text);
        if (text.Length <= MostOfValue) return text;
        text = Ends(text, MostOfMessage, MostOfMessage / 4);
        // By hand: an error may be that no more files can be opened, and an assembly is one.
        var shown = new StringBuilder();
        int done = 0;
        for (int open = text.IndexOf('\''); open >= 0; open = text.IndexOf('\'', open + 1))
        {
            if (!Opens(text, open)) continue;
            int close = text.IndexOf('\'', open + 1);
            while (close >= 0 && !Closes(text, close)) close = text.IndexOf('\'', close + 1);
            if (close < 0) break;
            shown.Append(text, done, open + 1 - done).Append(Ends(text[(open + 1)..close], MostOfValue, MostOfValue / 3));
            done = open = close;
        }

        return shown.Append(text, done, text.Length - done).ToString();
    }

    // A quote that opens a value stands behind no letter, and one that closes it before none: an apostrophe is neither.
    private static bool Opens(string text, int at) => at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] is '(' or '[' or '=';

    private static bool Closes(string text, int at) =>
        at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]) || text[at + 1] is '.' or ',' or ';' or ':' or ')' or ']';

    private static string Escape(string text, char line, int most)
    {
        int at = text.AsSpan().IndexOfAny(Watched);
        if (at < 0 || at >= most) return Ends(text, most, 0);
        var shown = new StringBuilder(text, 0, at, at + 64);
        int cut = at;
        while (at < text.Length)
        {
            char c = text[at];
            bool isPair = char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            bool isEscaped = !isPair && c is not ('\t' or '\n' or '\r') && Watched.Contains(c);
            if (shown.Length + (isEscaped ? 6 : isPair ? 2 : 1) > most) return shown.Remove(cut, shown.Length - cut).Append('…').ToString();
            if (isPair) shown.Append(c).Append(text[++at]);
            else if (isEscaped) shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else shown.Append(c == '\n' ? line : c is '\t' or '\r' ? ' ' : c);
            at++;
            if (shown.Length < most) cut = shown.Length;
        }

        return shown.ToString();
    }

    // The beginning and the end, without the halves of pairs that a cut would leave.
    private static string Ends(string text, int most, int ofEnd)
    {
        if (text.Length <= most) return text;
        int start = most - 1 - ofEnd, end = text.Length - ofEnd;
        if (char.IsHighSurrogate(text[start - 1])) start--;
        if (end < text.Length && char.IsLowSurrogate(text[end])) end++;
        return $"{text[..start]}…{text[end..]}";
    }
}
