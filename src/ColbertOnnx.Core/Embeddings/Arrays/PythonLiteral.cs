using System.Globalization;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>
/// As much of Python's literals as a header of npy needs: dictionaries, tuples, lists, strings, integers, True, False, None.
/// </summary>
internal sealed class PythonLiteral(string text)
{
    private const int MostDepth = 16;
    private int at;

    /// <summary>The whole text as one dictionary; a tuple or list is a list of objects.</summary>
    public bool TryReadDictionary(out Dictionary<string, object?> fields)
    {
        fields = new(StringComparer.Ordinal);
        if (!Take('{')) return false;
        while (!Take('}'))
        {
            if (!TryRead(0, out object? key) || key is not string name || !Take(':') || !TryRead(0, out object? value)) return false;
            fields[name] = value;
            if (!Take(',') && !IsNext('}')) return false;
        }

        SkipBlanks();
        return at == text.Length;
    }

    private bool TryRead(int depth, out object? value)
    {
        value = null;
        SkipBlanks();
        if (at == text.Length || depth > MostDepth) return false;
        char c = text[at];
        if (c is '(' or '[') return TryReadList(depth, c == '(' ? ')' : ']', out value);
        if (c is '\'' or '"') return TryReadString(c, out value);
        return char.IsAsciiLetter(c) ? TryReadWord(out value) : TryReadNumber(out value);
    }

    private bool TryReadList(int depth, char end, out object? value)
    {
        List<object?> items = [];
        value = items;
        at++;
        while (!Take(end))
        {
            if (!TryRead(depth + 1, out object? item)) return false;
            items.Add(item);
            if (!Take(',') && !IsNext(end)) return false;
        }

        return true;
    }

    private bool TryReadString(char quote, out object? value)
    {
        int end = text.IndexOf(quote, at + 1);
        value = end < 0 ? null : text[(at + 1)..end];
        if (end >= 0) at = end + 1;
        return end >= 0;
    }

    private bool TryReadWord(out object? value)
    {
        foreach (var (word, meaning) in ((string, object?)[])[("True", true), ("False", false), ("None", null)])
        {
            if (!text.AsSpan(at).StartsWith(word, StringComparison.Ordinal)) continue;
            at += word.Length;
            value = meaning;
            return true;
        }

        value = null;
        return false;
    }

    private bool TryReadNumber(out object? value)
    {
        int begin = at;
        if (text[at] is '-' or '+') at++;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        bool isNumber = long.TryParse(
            text.AsSpan(begin, at - begin), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
        value = number;
        // Python 2 wrote long integers with an L.
        if (at < text.Length && text[at] == 'L') at++;
        return isNumber;
    }

    private bool Take(char c)
    {
        bool isNext = IsNext(c);
        if (isNext) at++;
        return isNext;
    }

    private bool IsNext(char c)
    {
        SkipBlanks();
        return at < text.Length && text[at] == c;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && text[at] is ' ' or '\n' or '\t' or '\r' or '\0') at++;
    }
}
