namespace ColbertOnnx.Diagnostics.Html;

/// <summary>A curve: a value for each place of the axis; null where there is none.</summary>
internal sealed record SvgSeries(string Name, IReadOnlyList<Spread?> Values);
