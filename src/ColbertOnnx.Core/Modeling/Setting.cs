namespace ColbertOnnx;

/// <summary>A value and where it came from: <c>argument</c>, the name of a file of the model folder, or <c>default</c>.</summary>
public readonly record struct Setting<T>(T Value, string Source)
{
    public override string ToString() => Value switch
    {
        null => $"none ({Source})",
        IReadOnlyCollection<string> words => $"{words.Count} words ({Source})",
        IReadOnlyCollection<TextKind> kinds => $"{string.Join(" and ", kinds)} ({Source})",
        IReadOnlyCollection<int> ids => $"{ids.Count} ids ({Source})",
        IReadOnlyDictionary<string, string> entries => $"{entries.Count} entries ({Source})",
        IFormattable number => $"{number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)} ({Source})",
        string text => $"'{text}' ({Source})",
        var other => $"{other} ({Source})",
    };
}
