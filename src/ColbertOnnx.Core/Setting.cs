namespace ColbertOnnx;

/// <summary>A value and where it came from: <c>argument</c>, the name of a file of the model folder, or <c>default</c>.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">Where it came from.</param>
public readonly record struct Setting<T>(T Value, string Source) : ISetting
{
    object? ISetting.Value => Value;

    /// <summary>The value, of lists their number, and the source.</summary>
    public override string ToString() => Value switch
    {
        null => $"none ({Source})",
        IReadOnlyCollection<string> words => $"{words.Count} words ({Source})",
        // Asked by the setting's type: for the runtime a list of numbers is a list of any enumeration too.
        IReadOnlyCollection<int> ids when typeof(T) == typeof(IReadOnlyList<int>) => $"{ids.Count} ids ({Source})",
        IReadOnlyCollection<TextKind> kinds => $"{(kinds.Count == 0 ? "none" : string.Join(" and ", kinds))} ({Source})",
        IReadOnlyDictionary<string, string> entries => $"{(entries.Count == 0 ? "none" : Names.Listed(entries.Keys))} ({Source})",
        IFormattable number => $"{number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)} ({Source})",
        string text => $"'{text}' ({Source})",
        var other => $"{other} ({Source})",
    };
}

/// <summary>A value of any type.</summary>
internal interface ISetting
{
    object? Value { get; }
}
