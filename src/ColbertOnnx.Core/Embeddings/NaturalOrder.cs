namespace ColbertOnnx.Embeddings;

/// <summary>
/// Names by their characters, numbers in them by their value: arr_2 stands before arr_10. So stand the arrays of a file, and the outputs of
/// shards.
/// </summary>
/// <example><code>foreach (string shard in Directory.GetFiles("shards", "*.safetensors").Order(NaturalOrder.Instance)) ...</code></example>
public sealed class NaturalOrder : IComparer<string>
{
    private NaturalOrder()
    {
    }

    /// <summary>The order.</summary>
    public static NaturalOrder Instance { get; } = new();

    /// <summary>Compares two names.</summary>
    /// <param name="x">One; null stands before all others.</param>
    /// <param name="y">The other.</param>
    /// <returns>Less than 0: <paramref name="x"/> comes first; 0: they are the same; more: <paramref name="y"/> does.</returns>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (a.Length > 0 && b.Length > 0)
        {
            int difference = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0])
                ? CompareNumbers(ref a, ref b)
                : CompareCharacters(ref a, ref b);
            if (difference != 0) return difference;
        }

        return a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(x, y);
    }

    /// <summary>What it is.</summary>
    public override string ToString() => "names by their characters, numbers in them by their value";

    private static int CompareCharacters(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        int difference = a[0] - b[0];
        a = a[1..];
        b = b[1..];
        return difference;
    }

    private static int CompareNumbers(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        ReadOnlySpan<char> first = Number(ref a), second = Number(ref b);
        return first.Length != second.Length ? first.Length - second.Length : first.SequenceCompareTo(second);
    }

    private static ReadOnlySpan<char> Number(ref ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange('0', '9');
        if (length < 0) length = text.Length;
        ReadOnlySpan<char> number = text[..length].TrimStart('0');
        text = text[length..];
        return number;
    }
}
